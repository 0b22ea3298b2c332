"""What people have left lying about, so that there is one of everything to look at."""

from datetime import date, timedelta

from kit import clock
from kit.money import Money
from models.enums import Basis, Decision, Direction
from services import approvals, attendance, forms, leave, notices, payroll, people, platform, rosters
from tests.browser.stage import LONGEST_WAIT, Stage
from tests.chaos.deployment import wait_until

FORGOTTEN = attendance.AskCorrection(
    day=date(2026, 3, 3), direction=Direction.OUT, time="18:05", reason="手机没电了，忘记打卡"
)
ABSENCE = leave.Apply(kind="annual", first_day=date(2026, 3, 19), last_day=date(2026, 3, 20), reason="搬家")
GRANTED = leave.Apply(kind="personal", first_day=date(2026, 3, 26), last_day=date(2026, 3, 27), reason="办证")

DAY = 86_400  # WeCom's leave is in seconds
ANNUAL = 1


def leave_traces(stage: Stage) -> None:
    """A request that waits and one that was approved, a correction, a question about pay, a draft of a notice, a
    stand-in for next month; and leave that WeCom knows otherwise."""
    _leave_in_wecom(stage)
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        employee, boss, hr = (people.by_userid(userid) for userid in ("xuyou", "fengren", "liding"))
        attendance.ask_correction(employee, FORGOTTEN)
        leave.apply(employee, ABSENCE)
        _granted(employee, people.by_userid("qinwei"))
        forms.save_draft(employee, "supplies", forms.Fill(values={"reason": "新同事入职"}))
        slip = payroll.latest(employee)
        assert slip is not None
        payroll.disputes.ask(employee, slip.id, payroll.Ask(text="上月的加班费好像少算了一天，请帮忙核对。"))
        body = "# 时间\n下周五\n\n- 请收拾好个人物品\n- **贵重物品**请自行带走"
        notices.create(hr, notices.Draft(title="办公室搬迁", body=body, sender="行政部", is_for_all=True))
        first = clock.today() + timedelta(days=30)
        approvals.delegate(boss, approvals.Delegate(to="yangsi", first_day=first, last_day=first + timedelta(days=5)))
        _departure(hr)
        _covered(people.by_userid("weidui"))
        _policy_tried(hr)
        _roster_begun(hr)
        _kind_tried(hr)
    _newest_request(stage)


def _newest_request(stage: Stage) -> None:
    """A form, so that the first of the employee's requests leads to the page of one."""
    paper = {"kind": "在职证明", "use": "租房", "copies": "1", "language": "中文", "takes": "自取"}
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        forms.submit(people.by_userid("xuyou"), "certificate", forms.Fill(values=paper))


def _granted(employee: people.Actor, superior: people.Actor) -> None:
    """Leave that is approved, so that some of its days can be taken back."""
    asked = approvals.TaskQuery(person=employee.name, subject="leave")
    before = {task.id for task in approvals.my_tasks(superior, asked).items}
    made = leave.apply(employee, GRANTED).id
    (waiting,) = {task.id for task in approvals.my_tasks(superior, asked).items} - before
    approvals.decide(superior, waiting, approvals.Decide(decision=Decision.APPROVE))
    assert leave.my_request(employee, made).state == "approved"


def _covered(mate: people.Actor) -> None:
    """Wei is away on a day that the employee is asked to cover."""
    day = date(2026, 3, 17)
    leave.apply(mate, leave.Apply(kind="annual", first_day=day, last_day=day, cover="xuyou", reason="带孩子体检"))


def _roster_begun(hr: people.Actor) -> None:
    """A week in June that HR has begun to plan for its own people."""
    days = {"first_day": date(2026, 6, 1), "last_day": date(2026, 6, 7)}
    rosters.begin(hr, rosters.NewRoster(department_id=str(hr.department_id), **days))


def _policy_tried(hr: people.Actor) -> None:
    """HR thinks of two days more for everybody, and tries it on last year."""
    more = leave.policies.PolicyForm(basis=Basis.STATUTORY_ANNUAL, days="2", valid_from="2027-01-01", version=1)
    draft = leave.policy_drafts.save(hr, "annual", more)
    leave.policy_drafts.start(hr, draft, leave.policy_drafts.TrialYear(year=2025))


def _kind_tried(hr: people.Actor) -> None:
    """HR thinks of a note for every day of illness, and tries it on last year."""
    kind = leave.kind_detail("sick")
    changed = {"name": kind.name, "is_active": True, "version": kind.version, "proof_after_days": 0}
    form = leave.EditKind.model_validate(kind.rules.model_dump() | changed)
    draft = leave.kind_drafts.save(hr, "sick", form)
    leave.kind_drafts.start(hr, draft, leave.kind_drafts.TrialYear(year=2025))


def _departure(hr: people.Actor) -> None:
    """Jin has left: the unused days are settled, and payroll has entered the wage."""
    leave.on_left(people.Left(people.by_userid("huali").person_id))
    (left,) = leave.settlements.listing(hr, leave.settlements.SettlementsQuery()).items
    wage = leave.settlements.Price(average_wage=Money.yuan("9800.00"))
    leave.settlements.price(people.by_userid("zhouwu"), left.id, wage)


def _leave_in_wecom(stage: Stage) -> None:
    """HR has mapped annual leave, switched writing on, and compared: somebody took two days there, others have less."""
    stage.twin.set_vacation("xuyou", ANNUAL, 10 * DAY, 2 * DAY)
    _compared(stage)
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        hr = people.by_userid("liding")
        leave.drift.choose(hr, leave.drift.MapVacation(vacation_id=ANNUAL, kind="annual"))
        leave.drift.switch(hr, leave.drift.Switch(vacation_id=ANNUAL, pushes=True))
    _compared(stage)


def _compared(stage: Stage) -> None:
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        leave.drift.start(people.by_userid("liding"))
    wait_until(lambda: not _is_comparing(stage), LONGEST_WAIT, "the comparison never ended")


def _is_comparing(stage: Stage) -> bool:
    with stage.app.app_context(), platform.unit_of_work(writes=False):
        return any(run.state == "running" for run in leave.drift.runs(people.by_userid("liding")))
