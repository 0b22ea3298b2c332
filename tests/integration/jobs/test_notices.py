"""A broadcast on its way: calls of a thousand, receipts, late joiners, recall, and sending at a chosen time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kit import clock
from kit.errors import Conflict, NotFound
from models.base import db
from models.enums import NoticeState, ReceiptState
from models.notices import Notice, NoticeReceipt
from models.people import Person
from services import notices, people, platform
from services.notices import sending
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories import notices as make
from tests.factories import people as staff


def state_of(notice_id: str) -> NoticeState:
    return NoticeState(db.session.get(Notice, notice_id).state)


def stages(notice_id: str) -> dict[str, str]:
    rows = db.session.query(Person.userid, NoticeReceipt.state).join(
        NoticeReceipt, NoticeReceipt.person_id == Person.id
    )
    return dict(rows.filter(NoticeReceipt.notice_id == notice_id).all())


def act(name: str, notice_id: str, *more: object, by: str = "hr") -> object:
    with platform.unit_of_work():
        return getattr(notices, name)(people.by_userid(by), notice_id, *more)


@pytest.fixture
def small_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of ten people, receipts for twenty-five at once, so that a small company needs several."""
    monkeypatch.setattr("services.notices.delivery.RECEIVERS_PER_CALL", 10)
    monkeypatch.setattr("services.notices.delivery.RECEIPTS_AT_ONCE", 25)


def test_everybody_gets_it_once_in_as_few_calls_as_possible(
    twin: Twin, drain: Callable[[], int], small_calls: None
) -> None:
    make.hr(twin)
    make.staff(twin, *(f"p{n:02}" for n in range(39)))
    notice = make.sent()
    drain()
    calls = [call for call in twin.calls if call.api == "message/send"]
    assert len(calls) == 4
    assert all(len(twin.chat(f"p{n:02}")) == 1 for n in range(39))
    assert set(stages(notice).values()) == {"delivered"}
    assert len(stages(notice)) == 40
    assert state_of(notice) is NoticeState.SENT


def test_a_call_carries_a_thousand(app: Flask) -> None:
    assert sending.RECEIVERS_PER_CALL == 1000


def test_whom_wecom_cannot_reach_is_marked(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    staff.person("ghost")
    notice = make.sent()
    drain()
    assert stages(notice) == {"hr": "delivered", "lilei": "delivered", "ghost": "failed"}


def test_if_wecom_reaches_nobody_everybody_is_marked(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    staff.person("ghost")
    notice = make.sent(persons="ghost")
    drain()
    assert stages(notice) == {"ghost": "failed"}


def test_only_the_audience_gets_it_and_each_once(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    company = staff.department("公司")
    shop = staff.department("门店", parent=company)
    make.staff(twin, "clerk", dept=shop)
    make.staff(twin, "boss", "cook", dept=company)
    notice = make.sent(departments=[shop.id], roles=["hr"], persons="boss clerk")
    drain()
    assert stages(notice).keys() == {"clerk", "hr", "boss"}
    assert len(twin.chat("clerk")) == 1


def test_at_night_it_waits_for_the_morning(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    with clock.frozen(MONDAY_MORNING + timedelta(hours=13)):  # 22:30
        notice = make.sent()
        drain()
        assert state_of(notice) is NoticeState.SENDING
        assert twin.chat("hr") == []
    with clock.frozen(MONDAY_MORNING + timedelta(hours=22, minutes=30)):  # 08:00
        drain()
    assert len(twin.chat("hr")) == 1


def test_an_urgent_one_does_not_wait(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    with clock.frozen(MONDAY_MORNING + timedelta(hours=13)):
        make.sent(is_urgent=True)
        drain()
    assert len(twin.chat("hr")) == 1


def test_it_goes_out_at_the_chosen_time(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.draft()
    at = MONDAY_MORNING + timedelta(hours=3)
    act("schedule", notice, notices.Schedule(people=1, at=at))
    drain()
    assert state_of(notice) is NoticeState.SCHEDULED
    with clock.frozen(at):
        drain()
    assert state_of(notice) is NoticeState.SENT


def test_called_off_it_stays_a_draft(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.draft()
    at = MONDAY_MORNING + timedelta(hours=3)
    act("schedule", notice, notices.Schedule(people=1, at=at))
    act("unschedule", notice)
    with clock.frozen(at):
        drain()
    assert state_of(notice) is NoticeState.DRAFT
    assert twin.chat("hr") == []


def test_recalled_it_disappears_everywhere(twin: Twin, drain: Callable[[], int], small_calls: None) -> None:
    make.hr(twin)
    make.staff(twin, *(f"p{n:02}" for n in range(12)))
    notice = make.sent()
    drain()
    act("recall", notice)
    drain()
    assert all(seen.recalled for n in range(12) for seen in twin.chat(f"p{n:02}"))
    assert notices.mine(people.by_userid("p01"), notices.MineQuery()).items == []
    with pytest.raises(Conflict, match="已被撤回"):
        notices.my_notice(people.by_userid("p01"), notice)


def test_recalled_its_reminders_and_previews_disappear_as_well(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    make.staff(twin, "lilei")
    notice, other = make.draft(must_confirm=True), make.sent(title="另一条公告")
    act("preview", notice, notices.Preview())
    act("send", notice, notices.Send(people=2))
    drain()
    act("nudge", notice)
    drain()
    act("nudge", other)  # waits, and is not of this notice
    act("recall", notice)
    drain()
    for userid, about_it in (("hr", 3), ("lilei", 2)):
        gone = [seen for seen in twin.chat(userid) if seen.recalled]
        assert len(gone) == about_it
        assert [seen.recalled for seen in twin.chat(userid) if "另一条公告" in str(seen)] == [False, False]


def test_recalled_before_it_left_nobody_gets_it(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.sent()
    act("recall", notice)
    drain()
    assert twin.chat("hr") == []


def test_after_a_day_it_cannot_be_recalled(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.sent()
    drain()
    with clock.frozen(MONDAY_MORNING + timedelta(hours=24)), pytest.raises(Conflict, match="24 小时"):
        act("recall", notice)


def test_who_joins_later_finds_it_in_the_list_but_not_in_the_chat(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    everybody, hr_only = make.sent(), make.sent(title="仅人事", roles=["hr"])
    drain()
    (new,) = make.staff(twin, "new")
    with platform.unit_of_work():
        platform.publish(people.Joined(new.id))
    assert [line.id for line in notices.mine(people.by_userid("new"), notices.MineQuery()).items] == [everybody]
    assert twin.chat("new") == []
    with pytest.raises(NotFound):
        notices.my_notice(people.by_userid("new"), hr_only)


def test_receipts_only_move_forward(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.sent(must_confirm=True)
    with platform.unit_of_work():  # the receipt exists before WeCom has answered
        notices.send_chunk({"notice": notice, "after": "", "opened": ""})
    act("confirm", notice)
    drain()
    assert stages(notice) == {"hr": ReceiptState.CONFIRMED}
    act("mark_opened", notice)
    assert stages(notice) == {"hr": ReceiptState.CONFIRMED}


def test_a_nudge_reaches_only_those_behind_and_not_twice(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    make.staff(twin, "lilei", "lucy", "tom")
    notice = make.sent(must_confirm=True)
    drain()
    act("confirm", notice, by="lilei")
    act("mark_opened", notice, by="lucy")
    assert act("nudge", notice) == 3
    drain()
    assert {one: len(twin.chat(one)) for one in ("hr", "lilei", "lucy", "tom")} == {
        "hr": 2, "lilei": 1, "lucy": 2, "tom": 2,
    }  # fmt: skip
    with pytest.raises(Conflict, match="13:30"):
        act("nudge", notice)


def test_a_notice_is_sent_once(twin: Twin, drain: Callable[[], int]) -> None:
    make.hr(twin)
    notice = make.sent()
    with pytest.raises(Conflict):
        act("send", notice, notices.Send(people=1))
    drain()
    assert len(twin.chat("hr")) == 1
