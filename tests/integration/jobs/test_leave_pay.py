"""Leave in pay: what is granted has its effects at once, what is taken back is taken back, closed months stay."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from kit import clock
from kit.errors import AppError, Conflict
from models.base import db
from models.enums import Gender, LeaveState, PersonStatus, Role, SettlementReason, SettlementState, Treatment
from models.leave import LeaveRequest, LeaveSegment
from models.leave_pay import LeavePayEntry, LeaveSettlement
from models.people import Person
from services import approvals, leave, people, platform
from services.approvals import Decide
from services.leave import paying
from services.leave.paying.lines import PayLine
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
A_DAY = 480
D = date.fromisoformat


@pytest.fixture
def li(app: Flask) -> Person:
    """Li, here since the second of March 2023, has ten days; Wang decides; HR and payroll stand by."""
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    make.person("pay", roles=(Role.PAYROLL,))
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    person = make.person("lilei", "李雷", superior=wang, dept=team, gender=Gender.MALE, hired_on=D("2023-03-02"))
    grants.lot(person, 10)
    with platform.unit_of_work():
        grants.edit("sick", proof_after_days=None)
    return person


def decide(decision: str = "approve", **more: Any) -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        for task in approvals.my_tasks(wang, approvals.MineQuery()).items:
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


def entries(request_id: str) -> list[LeavePayEntry]:
    of = select(LeavePayEntry).where(LeavePayEntry.request_id == request_id)
    return list(db.session.scalars(of.order_by(LeavePayEntry.seq)))


def stands(request_id: str) -> dict[date, int]:
    found: Counter[date] = Counter()
    for one in entries(request_id):
        found[one.day] += one.minutes
    return {day: minutes for day, minutes in found.items() if minutes}


def granted(request_id: str) -> dict[date, int]:
    """The segments of a request that is approved; nothing of any other."""
    of = select(LeaveSegment.day, LeaveSegment.minutes).join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    rows = db.session.execute(of.where(LeaveRequest.id == request_id, LeaveRequest.state == LeaveState.APPROVED))
    return {row.day: row.minutes for row in rows}


def lines(month: str) -> list[PayLine]:
    with platform.unit_of_work(writes=False):
        return [one.line for one in paying.for_payroll(D(f"{month}-01"))]


def close(month: str, seen: str | None = None, userid: str = "pay") -> None:
    with platform.unit_of_work():
        actor = people.by_userid(userid)
        paying.close(actor, paying.Close(month=month, seen=seen or paying.state(actor, month).seen))


def test_granted_leave_has_its_effects_day_by_day(li: Person, api: Ways) -> None:
    made = approved(api("lilei"), "2026-03-05", "2026-03-09")
    assert stands(made) == granted(made) == {D("2026-03-05"): 480, D("2026-03-06"): 480, D("2026-03-09"): 480}
    (line,) = lines("2026-03")
    assert (line.minutes, line.days, line.treatment, line.is_late) == (1440, Decimal(3), Treatment.FULL, False)
    assert (line.person_id, line.request_id, line.kind_code) == (li.id, made, "annual")
    assert "《职工带薪年休假条例》" in line.sentences[0]


def test_what_waits_or_is_refused_has_none(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = me.post("/leave/requests", json={"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-09"})
    assert entries(made.json["id"]) == []
    decide("reject", comment="太忙")
    assert (entries(made.json["id"]), lines("2026-03")) == ([], [])


def test_a_month_gets_only_its_own_days(li: Person, api: Ways) -> None:
    approved(api("lilei"), "2026-03-30", "2026-04-02")
    assert [(line.minutes, line.first_day, line.last_day) for line in lines("2026-03")] == [
        (960, D("2026-03-30"), D("2026-03-31"))
    ]
    assert [line.minutes for line in lines("2026-04")] == [960]


def test_cancelling_is_the_exact_opposite_and_nothing_was_changed(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-11", "personal")
    before = [(one.seq, one.minutes) for one in entries(made)]
    give_back(me, made, "2026-03-10 pm")
    assert stands(made) == granted(made)
    give_back(me, made)
    assert (stands(made), lines("2026-03")) == ({}, [])
    assert [(one.seq, one.minutes) for one in entries(made)][: len(before)] == before, "the ledger only grows"
    back = [one for one in entries(made) if one.minutes < 0]
    assert sum(one.minutes for one in back) == -3 * A_DAY
    assert {one.rule for one in back} == {one.rule for one in entries(made)}


def test_part_approval_counts_what_was_agreed_to(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = me.post("/leave/requests", json={"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-13"})
    decide("approve", part={"first_day": "2026-03-09", "last_day": "2026-03-10"})
    assert stands(made.json["id"]) == granted(made.json["id"]) == {D("2026-03-09"): 480, D("2026-03-10"): 480}


def test_other_dates_replace_the_old_and_an_extension_adds_its_own(li: Person, api: Ways) -> None:
    me = api("lilei")
    old = approved(me, "2026-03-09", "2026-03-10")
    new = approved(me, "2026-03-10", "2026-03-11", replaces=old)
    more = approved(me, "2026-03-12", "2026-03-12", extends=new)
    assert stands(old) == {}
    assert (stands(new), stands(more)) == (granted(new), granted(more))
    assert sum(line.minutes for line in lines("2026-03")) == 3 * A_DAY


def test_rules_that_changed_meanwhile_change_nothing_that_stands(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-11", "personal")
    with platform.unit_of_work():
        grants.edit("personal", is_paid=True)
    give_back(me, made, "2026-03-10")
    assert {line.treatment for line in lines("2026-03")} == {Treatment.UNPAID}
    assert stands(made) == granted(made)


def test_sick_pay_follows_the_place_and_service(li: Person, api: Ways) -> None:
    with platform.unit_of_work():
        leave.places.set_place(people.by_userid("hr"), leave.places.SetPlace(place="上海"))
    approved(api("lilei"), "2026-03-05", "2026-03-05", "sick")
    (line,) = lines("2026-03")
    assert (line.treatment, line.share, line.floor) == (Treatment.SHARE, 7000, 8000)
    assert "沪劳保综发〔2003〕2号" in line.sentences[0]


def test_days_off_that_a_kind_counts_are_no_workdays(li: Person, api: Ways) -> None:
    with platform.unit_of_work():
        grants.edit("personal", counting="calendar")
    approved(api("lilei"), "2026-03-06", "2026-03-09", "personal")
    (line,) = lines("2026-03")
    assert (line.minutes, line.workday_minutes) == (4 * A_DAY, 2 * A_DAY)


class TestClosedMonths:
    def test_what_is_taken_back_too_late_belongs_to_the_next_open_month(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made = approved(me, "2026-03-02", "2026-03-03", "personal")
        close("2026-03")
        give_back(me, made, "2026-03-03")
        assert [line.minutes for line in lines("2026-03")] == [2 * A_DAY], "what was paid stays what was paid"
        (late,) = lines("2026-04")
        assert (late.minutes, late.is_late, late.treatment) == (-A_DAY, True, Treatment.UNPAID)
        assert late.sentences[-1] == "这些日子的工资已结算，在本月退回"
        assert entries(made)[-1].cause == "退回请假，2026-03 的工资已结算，计入 2026-04"
        assert stands(made) == granted(made)

    def test_leave_granted_too_late_is_added_there(self, li: Person, api: Ways) -> None:
        close("2026-03")
        approved(api("lilei"), "2026-03-02", "2026-03-02", "personal", reason="补请")
        (late,) = lines("2026-04")
        assert (late.minutes, late.sentences[-1]) == (A_DAY, "这些日子的工资已结算，在本月补计")
        assert lines("2026-03") == []

    def test_months_are_closed_in_turn_once_and_as_they_were_seen(self, li: Person, api: Ways) -> None:
        with platform.unit_of_work(writes=False):
            seen = paying.state(people.by_userid("pay"), "2026-03").seen
        approved(api("lilei"), "2026-03-09", "2026-03-09")
        with pytest.raises(Conflict, match="刚刚变了"):
            close("2026-03", seen)
        close("2026-03")
        for month, words in (("2026-03", "已经结算"), ("2026-02", "已经结算"), ("2026-04", "还没有开始")):
            with pytest.raises(Conflict, match=words):
                close(month)
        with clock.frozen(datetime(2026, 6, 2, 4, tzinfo=UTC)), pytest.raises(Conflict, match="请先结算 2026-04"):
            close("2026-05")

    def test_only_payroll_closes(self, li: Person) -> None:
        with pytest.raises(AppError, match="负责全公司薪酬"):
            close("2026-03", userid="hr")


def settlement(person: Person, due_on: str, days: str = "2") -> str:
    """Days that became pay when somebody left."""
    with platform.unit_of_work():
        row = LeaveSettlement(
            person_id=person.id, kind_code="annual", reason=SettlementReason.LEAVING, cause_key=f"left:{due_on}",
            hired_on=D("2023-03-02"), due_on=D(due_on), state=SettlementState.DUE, days=Decimal(days), percent=200,
            trace={"sentences": ["折算未休"], "policy_version": 1}, changed_by="tests",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def restate(settlement_id: str, **values: Any) -> None:
    with platform.unit_of_work():
        row = db.session.get_one(LeaveSettlement, settlement_id)
        for name, value in values.items():
            setattr(row, name, value)


class TestSettlements:
    def test_one_list_has_them_beside_the_leave(self, li: Person, api: Ways) -> None:
        approved(api("lilei"), "2026-03-09", "2026-03-09")
        made = settlement(li, "2026-03-31", "2.5")
        first, second = lines("2026-03")
        assert first.treatment is Treatment.FULL
        assert (second.settlement_id, second.days, second.percent) == (made, Decimal("2.5"), 200)
        assert (second.reason, second.sentences) == (SettlementReason.LEAVING, ["折算未休"])
        assert lines("2026-04") == []

    def test_made_or_changed_too_late_the_difference_belongs_to_the_next_month(self, li: Person) -> None:
        made = settlement(li, "2026-03-10")
        close("2026-03")
        late = settlement(li, "2026-03-11", "1")
        restate(made, days=Decimal("3.5"))
        assert {(line.settlement_id, line.days) for line in lines("2026-04")} == {
            (made, Decimal("1.5")), (late, Decimal(1)),
        }  # fmt: skip
        assert [line.days for line in lines("2026-03")] == [Decimal(2)]
        restate(made, state=SettlementState.VOID)
        back = {line.settlement_id: line for line in lines("2026-04")}
        assert (back[made].days, back[made].sentences[-1]) == (Decimal(-2), "这些日子的工资已结算，在本月退回")

    def test_the_next_close_pays_the_difference_once(self, li: Person) -> None:
        made = settlement(li, "2026-03-10")
        close("2026-03")
        restate(made, state=SettlementState.VOID)
        with clock.frozen(datetime(2026, 4, 20, 4, tzinfo=UTC)):
            close("2026-04")
        assert [line.days for line in lines("2026-04")] == [Decimal(-2)]
        assert lines("2026-05") == []

    def test_what_was_due_before_the_first_close_is_not_paid_again(self, li: Person) -> None:
        settlement(li, "2026-01-10")
        close("2026-03")
        assert lines("2026-04") == []


def test_who_leaves_is_not_paid_for_leave_after_the_last_day(li: Person, api: Ways) -> None:
    made = approved(api("lilei"), "2026-03-05", "2026-03-11", "personal")
    with platform.unit_of_work():
        values = {"status": PersonStatus.INACTIVE, "left_on": D("2026-03-09")}
        db.session.execute(update(Person).where(Person.id == li.id).values(**values))
        db.session.expire_all()
        platform.publish(people.Left(li.id))
    assert stands(made) == {D("2026-03-05"): 480, D("2026-03-06"): 480, D("2026-03-09"): 480}


def test_leave_granted_before_there_was_a_ledger_comes_to_it_in_the_night(li: Person, api: Ways) -> None:
    me, plan = api("lilei"), {"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-10"}
    made = str(me.post("/leave/requests", json=plan).json["id"])
    with platform.unit_of_work():
        grants.approve(made)  # past everybody who would hear of it
    assert entries(made) == []
    for _ in range(2):
        with platform.unit_of_work():
            paying.keep({"slot": "2026-03-05"})
        assert (stands(made), len(entries(made))) == (granted(made), 2)


def test_payroll_reads_a_month_in_chunks(li: Person, api: Ways) -> None:
    han = make.person("han", superior=make.person("boss"), hired_on=D("2024-01-01"))
    settlement(han, "2026-03-02")
    approved(api("lilei"), "2026-03-09", "2026-03-09")
    with platform.unit_of_work(writes=False):
        (first,) = paying.for_payroll(D("2026-03-01"), limit=1)
        (second,) = paying.for_payroll(D("2026-03-01"), first.line.person_id, limit=1)
        assert paying.for_payroll(D("2026-03-01"), second.line.person_id) == []
    assert {first.line.person_id, second.line.person_id} == {li.id, han.id}


parts = st.lists(
    st.sets(
        st.tuples(st.sampled_from(["2026-03-09", "2026-03-10", "2026-03-11"]), st.sampled_from(["", " am", " pm"])),
        min_size=1,
        max_size=2,
    ),
    max_size=4,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts, st.booleans())
def test_any_parts_in_any_order_sum_to_what_stands_and_all_of_it_is_neutral(
    li: Person, api: Ways, taken: list[set[tuple[str, str]]], is_closed_between: bool
) -> None:
    me = api("lilei")
    with platform.unit_of_work(writes=False):
        before = _sum(li)
    made = approved(me, "2026-03-09", "2026-03-11", "sick")
    for number, days in enumerate(taken):
        wanted = [f"{day}{half}" for day, half in sorted(days)]
        answer = me.post(f"/leave/requests/{made}/cancel", json={"reason": "回来", "days": wanted})
        if answer.status_code == 200:
            decide()
        if is_closed_between and number == 1:
            _close_next()
        assert stands(made) == granted(made)
    me.post(f"/leave/requests/{made}/cancel", json={"reason": "全部"})
    decide()
    assert stands(made) == granted(made) == {}
    with platform.unit_of_work(writes=False):
        assert _sum(li) == before


def _close_next() -> None:
    with platform.unit_of_work(writes=False):
        state = paying.state(people.by_userid("pay"), "2026-03")
    if state.may_close:
        close("2026-03")


def _sum(person: Person) -> int:
    total = select(func.coalesce(func.sum(LeavePayEntry.minutes), 0)).where(LeavePayEntry.person_id == person.id)
    return int(db.session.scalar(total) or 0)
