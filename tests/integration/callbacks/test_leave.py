"""Leave through WeCom: the approver's card shows what deciding means, and the applicant hears what became of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from models.enums import LeaveState, Role
from services import leave, people, platform, schedule
from simulator import Twin
from tests.factories import leave as grants
from tests.factories import people as make

Drain = Callable[[], int]


@pytest.fixture
def staff(app: Flask, twin: Twin) -> None:
    """Wang leads Li and Han, who is ill that week; Chen is HR."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    li = make.person("lilei", "李雷", superior=wang, dept=team)
    make.person("hanmeimei", "韩梅梅", superior=wang, dept=team)
    make.person("chen", "陈人事", roles=(Role.HR,))
    grants.lot(li, 5, expires_on=date(2027, 12, 31))
    with twin.quiet():
        for userid in ("wangwu", "lilei", "hanmeimei", "chen"):
            twin.add_member(userid, userid)
    apply("hanmeimei", date(2026, 3, 5), kind="sick")


def apply(userid: str, first: date, days: int = 1, kind: str = "annual") -> str:
    wish = leave.Apply(kind=kind, first_day=first, last_day=first + timedelta(days=days - 1), reason="看望父母")
    with platform.unit_of_work():
        return leave.apply(people.by_userid(userid), wish).id


def state(request_id: str) -> LeaveState:
    with platform.unit_of_work(writes=False):
        return leave.my_request(people.by_userid("lilei"), request_id).state


def test_the_card_shows_the_balance_after_and_who_else_is_away(staff: None, twin: Twin, drain: Drain) -> None:
    asked = apply("lilei", date(2026, 3, 4), days=3)
    drain()
    card = twin.card("wangwu", "李雷申请年假3天")
    for words in ("3月4日至3月6日", "看望父母", "2天", "韩梅梅"):
        assert words in card.text
    assert "病假" not in card.text
    twin.tap("wangwu", card, "同意")
    drain()
    assert state(asked) == LeaveState.APPROVED
    assert "请假已批准" in twin.card("lilei", "请假已批准").title
    assert twin.complaints == []


def test_a_refusal_reaches_the_applicant(staff: None, twin: Twin, drain: Drain) -> None:
    asked = apply("lilei", date(2026, 3, 4))
    drain()
    twin.tap("wangwu", twin.card("wangwu", "李雷"), "驳回")
    drain()
    assert state(asked) == LeaveState.REJECTED
    assert twin.card("lilei", "请假被驳回")


def test_cancelling_goes_the_same_way(staff: None, twin: Twin, drain: Drain) -> None:
    asked = apply("lilei", date(2026, 3, 4))
    drain()
    twin.tap("wangwu", twin.card("wangwu", "李雷"), "同意")
    with platform.unit_of_work():
        leave.cancel(people.by_userid("lilei"), asked, leave.Cancel(reason="不休了"))
    drain()
    twin.tap("wangwu", twin.card("wangwu", "李雷申请取消年假1天"), "同意")
    drain()
    assert state(asked) == LeaveState.CANCELLED
    assert twin.card("lilei", "销假已通过")


def test_a_new_holiday_notice_is_told_to_whom_it_changes_the_length(staff: None, twin: Twin, drain: Drain) -> None:
    apply("lilei", date(2027, 2, 4), days=2)  # a Thursday and New Year's Eve: one day by the law alone
    apply("hanmeimei", date(2027, 2, 2), kind="personal")
    drain()
    with platform.unit_of_work():
        notice = schedule.NoticeWish(
            year=2027, source="放假通知", statutory="02-05..02-08", off="02-04..02-10", work="02-13"
        )
        schedule.load_notice(people.by_userid("chen"), notice)
    drain()
    assert "申请时计 1天，按现在的安排应为 0天" in twin.card("lilei", "请核对您的年假天数").text
    assert not [message for message in twin.chat("hanmeimei") if "请核对" in message.title]
