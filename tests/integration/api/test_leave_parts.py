"""Days and halves in the middle of leave are taken back: what returns, what stays, and that all of it is neutral."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import Gender, Half, LeaveState
from models.leave import LeaveEntry, LeaveRequest, LeaveSegment
from models.people import Person
from services import approvals, leave, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
A_DAY = 480
WHOLE = {"结转": 2, "2026年年假": 5}


@pytest.fixture
def li(app: Flask) -> Person:
    """Li has five days until the end of the year and two that expire in March; Wang decides."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    person = make.person("lilei", "李雷", superior=wang, dept=team, gender=Gender.MALE)
    grants.lot(person, 5)
    grants.lot(person, 2, expires_on=date(2026, 3, 31), title="结转")
    return person


def decide(decision: str = "approve", **more: Any) -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.MineQuery()).items
        approvals.decide(wang, task.id, Decide(decision=decision, **more))


def approved(me: Someone, first: str, last: str, kind: str = "annual", **more: Any) -> str:
    made = me.post("/leave/requests", json={"kind": kind, "first_day": first, "last_day": last, **more})
    assert made.status_code == 201, made.json
    decide()
    return str(made.json["id"])


def give_back(me: Someone, request_id: str, *days: str) -> None:
    answer = me.post(f"/leave/requests/{request_id}/cancel", json={"reason": "回来开会", "days": list(days)})
    assert answer.status_code == 200, answer.json
    decide()


def lots(one: Someone) -> dict[str, float]:
    """Days left of each lot."""
    return {lot["title"]: lot["minutes"] / A_DAY for b in one.get("/leave/balances").json for lot in b["lots"]}


def stays(request_id: str) -> dict[str, float]:
    """What the request still takes of each day, in days."""
    found = select(LeaveSegment.day, LeaveSegment.minutes).where(LeaveSegment.request_id == request_id)
    rows = db.session.execute(found.order_by(LeaveSegment.day))
    return {f"{day:%m-%d}": minutes / A_DAY for day, minutes in rows}


def test_a_day_in_the_middle_is_worked_and_the_rest_stays(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-13")
    give_back(me, made, "2026-03-11")
    assert stays(made) == {"03-09": 1, "03-10": 1, "03-12": 1, "03-13": 1}
    detail = me.get(f"/leave/requests/{made}").json
    assert (detail["span"], detail["length"]) == ("3月9日至3月13日（3月11日除外）", "4天")
    assert lots(me) == {"2026年年假": 3}, "what lasts longest comes back"


def test_halves_come_back_and_an_end_that_is_halved_says_so(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-12")
    give_back(me, made, "2026-03-09 am", "2026-03-10 pm")
    assert stays(made) == {"03-09": 0.5, "03-10": 0.5, "03-11": 1, "03-12": 1}
    assert me.get(f"/leave/requests/{made}").json["span"] == "3月9日下午至3月12日（3月10日下午除外）"
    give_back(me, made, "2026-03-10 am", "2026-03-12 pm")
    assert stays(made) == {"03-09": 0.5, "03-11": 1, "03-12": 0.5}
    assert me.get(f"/leave/requests/{made}").json["span"] == "3月9日下午至3月12日上午（3月10日除外）"
    give_back(me, made, "2026-03-09")
    assert me.get(f"/leave/requests/{made}").json["span"] == "3月11日至3月12日上午"
    assert sum(lots(me).values()) == 7 - 1.5


def test_the_card_names_the_days(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-13")
    me.post(f"/leave/requests/{made}/cancel", json={"reason": "开会", "days": ["2026-03-10", "2026-03-12 am"]})
    asked = db.session.scalars(select(Instance).where(Instance.subject == "leave_cancel")).one()
    assert "1.5天" in asked.title
    assert "3月10日、3月12日上午" in str(asked.summary)


def test_the_preview_is_what_happens(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-11")
    days = {"days": ["2026-03-09 am", "2026-03-10"]}
    seen = me.get(f"/leave/requests/{made}/refund", query_string=days).json
    assert (seen["length"], seen["left"], seen["refusal"]) == ("1.5天", "1.5天", None)
    assert [(lot["title"], lot["length"], lot["is_over"]) for lot in seen["lots"]] == [
        ("结转", "0.5天", False), ("2026年年假", "1天", False),
    ]  # fmt: skip
    assert [step["approvers"] for step in seen["steps"]] == [["王五"]]
    before = lots(me)
    give_back(me, made, *days["days"])
    after = lots(me)
    assert {title: after[title] - before.get(title, 0) for title in after} == {"结转": 0.5, "2026年年假": 1}


@pytest.mark.parametrize(
    ("days", "words"),
    [(["2026-03-14"], "没有请假"), (["2026-02-31"], ""), (["2026-03-10 noon"], ""), (["tomorrow"], "")],
)
def test_what_is_no_part_is_refused(li: Person, api: Ways, days: list[str], words: str) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-13")
    answer = me.post(f"/leave/requests/{made}/cancel", json={"reason": "x", "days": days})
    assert (answer.status_code, words in answer.json.get("title", "")) == (422, True)
    assert len(stays(made)) == 5


def test_half_of_what_is_taken_by_whole_days_or_by_the_clock_is_refused(li: Person, api: Ways) -> None:
    me = api("lilei")
    grants.edit("annual", unit="day")
    made = approved(me, "2026-03-09", "2026-03-10")
    refusal = me.get(f"/leave/requests/{made}/refund", query_string={"days": "2026-03-09 am"}).json["refusal"]
    assert refusal == "这种假按整天请，不能只取消半天"
    assert me.get(f"/leave/requests/{made}/part").json["days"][0]["choices"] == [["2026-03-09", "全天"]]


def test_a_weekend_between_goes_when_a_day_beside_it_is_worked(li: Person, api: Ways) -> None:
    grants.edit("annual", sandwich="all")
    me = api("lilei")
    made = approved(me, "2026-03-05", "2026-03-10")
    assert len(stays(made)) == 6
    choices = {day["day"]: day["choices"] for day in me.get(f"/leave/requests/{made}/part").json["days"]}
    assert choices["2026-03-07"] == []
    give_back(me, made, "2026-03-05", "2026-03-10 pm")
    assert list(stays(made)) == ["03-06", "03-07", "03-08", "03-09", "03-10"]
    give_back(me, made, "2026-03-06 pm")
    assert stays(made) == {"03-06": 0.5, "03-09": 1, "03-10": 0.5}


def test_what_waits_is_changed_and_not_taken_back_in_part(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = me.post("/leave/requests", json={"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-10"}).json
    answer = me.post(f"/leave/requests/{made['id']}/cancel", json={"reason": "x", "days": ["2026-03-09"]})
    assert (answer.status_code, "修改申请" in answer.json["title"]) == (409, True)
    decide()
    assert len(stays(made["id"])) == 2


def test_who_comes_in_between_is_expected_at_work(li: Person, api: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    me, told = api("lilei"), []
    publish = platform.publish
    monkeypatch.setattr(platform, "publish", lambda event: (told.append(event), publish(event)))
    made = approved(me, "2026-03-09", "2026-03-13")
    give_back(me, made, "2026-03-11", "2026-03-12 am")
    (event,) = [one for one in told if isinstance(one, leave.Cancelled)]
    assert (event.dates, float(event.days)) == ((date(2026, 3, 11), date(2026, 3, 12)), 1.5)


def test_sick_days_worked_in_between_are_no_sick_days(li: Person, api: Ways) -> None:
    me = api("lilei")
    grants.edit("sick", proof_after_days=None)
    made = approved(me, "2026-03-09", "2026-03-13", kind="sick")
    give_back(me, made, "2026-03-11")
    notes = me.get("/leave/preview?kind=sick&first_day=2026-03-16&last_day=2026-03-16").json["notes"]
    assert any("用到 5 天" in note for note in notes), notes


def test_a_day_given_back_may_be_asked_for_again(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-13")
    plan = {"kind": "annual", "first_day": "2026-03-11", "last_day": "2026-03-11"}
    assert me.post("/leave/requests", json=plan).status_code == 409
    give_back(me, made, "2026-03-11 am")
    assert me.post("/leave/requests", json=plan | {"to_half": "am"}).status_code == 201
    decide()


DAYS = [f"2026-03-{day:02}" for day in range(2, 12)]
pieces = st.sampled_from([f"{day}{half}" for day in DAYS for half in ("", " am", " pm")])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.sampled_from(DAYS[:5]), length=st.integers(0, 6), sandwich=st.sampled_from(["none", "all"]),
    parts=st.lists(st.lists(pieces, min_size=1, max_size=6), max_size=4), late=st.booleans(),
)  # fmt: skip
def test_taking_parts_back_in_any_order_is_neutral(
    li: Person, first: str, length: int, sandwich: str, parts: list[list[str]], late: bool
) -> None:
    """After each part the ledger holds what the days take; after all of them everything is as it was."""
    grants.edit("annual", sandwich=sandwich)
    last, half = DAYS[min(DAYS.index(first) + length, len(DAYS) - 1)], Half.PM if late else Half.AM
    days = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
    plan = leave.Apply(kind="annual", **days, from_half=half)
    if leave.preview(people.by_id(li.id), plan).refusal:
        return
    with platform.unit_of_work():
        made = leave.apply(people.by_id(li.id), plan).id
    decide()
    for part in parts:
        _take_back(li, made, leave.Cancel(reason="回来", days=part))
        _holds_what_it_takes(made)
    _take_back(li, made, leave.Cancel(reason="都不休了"))
    _holds_what_it_takes(made)
    assert rests(li) == WHOLE
    assert db.session.get_one(LeaveRequest, made, populate_existing=True).state == LeaveState.CANCELLED


def _take_back(li: Person, made: str, wish: leave.Cancel) -> None:
    row = db.session.get_one(LeaveRequest, made, populate_existing=True)
    if row.state != LeaveState.APPROVED:
        return
    seen = leave.choosing.refund(people.by_id(li.id), made, leave.Returned(days=wish.days))
    if seen.refusal is None:
        with platform.unit_of_work():
            leave.cancel(people.by_id(li.id), made, wish)
        decide()


def _holds_what_it_takes(made: str) -> None:
    row = db.session.get_one(LeaveRequest, made, populate_existing=True)
    parts = db.session.scalars(select(LeaveSegment).where(LeaveSegment.request_id == made)).all()
    held = int(db.session.scalar(select(func.sum(-LeaveEntry.minutes)).where(LeaveEntry.request_id == made)) or 0)
    assert held == (row.minutes if row.state == LeaveState.APPROVED else 0)
    if row.state == LeaveState.APPROVED:
        assert sum(part.minutes for part in parts) == row.minutes
        assert row.first_day <= min(part.day for part in parts)
        assert max(part.day for part in parts) <= row.last_day


def rests(li: Person) -> dict[str, float]:
    return {
        lot.title: lot.minutes / A_DAY
        for balance in leave.balances(people.by_id(li.id))
        for lot in balance.lots
        if clock.today() <= lot.expires_on
    }
