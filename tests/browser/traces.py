"""What people have left lying about, so that there is one of everything to look at."""

from datetime import date, timedelta

from kit import clock
from models.enums import Direction
from services import approvals, attendance, leave, notices, payroll, people, platform
from tests.browser.stage import Stage

FORGOTTEN = attendance.AskCorrection(
    day=date(2026, 3, 3), direction=Direction.OUT, time="18:05", reason="手机没电了，忘记打卡"
)
ABSENCE = leave.Apply(kind="annual", first_day=date(2026, 3, 19), last_day=date(2026, 3, 20), reason="搬家")


def leave_traces(stage: Stage) -> None:
    """A request, a correction that waits, a question about pay, a draft of a notice, a stand-in for next month."""
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        employee, boss, hr = (people.by_userid(userid) for userid in ("xuyou", "fengren", "liding"))
        attendance.ask_correction(employee, FORGOTTEN)
        leave.apply(employee, ABSENCE)
        slip = payroll.latest(employee)
        assert slip is not None
        payroll.disputes.ask(employee, slip.id, payroll.Ask(text="上月的加班费好像少算了一天，请帮忙核对。"))
        body = "# 时间\n下周五\n\n- 请收拾好个人物品\n- **贵重物品**请自行带走"
        notices.create(hr, notices.Draft(title="办公室搬迁", body=body, sender="行政部", is_for_all=True))
        first = clock.today() + timedelta(days=30)
        approvals.delegate(boss, approvals.Delegate(to="yangsi", first_day=first, last_day=first + timedelta(days=5)))
