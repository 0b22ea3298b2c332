"""Leaving and returning: unused statutory days become pay once, and a new employment begins with nothing of the old."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from kit import clock
from kit.errors import AppError
from kit.money import Money
from models.base import db
from models.enums import Accrual, Basis, EntryKind, PersonStatus, Role
from models.leave import LeaveEntry, LeaveLot
from models.people import Person
from services import leave, people, platform
from services.leave.granting.settlements import Price, Restate, SettlementOut, SettlementsQuery
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
END_OF_APRIL = datetime(2026, 4, 30, 1, 0, tzinfo=UTC)
END_OF_JULY = datetime(2026, 7, 31, 1, 0, tzinfo=UTC)


@pytest.fixture
def li(app: Flask) -> Person:
    """Li, five days a year, with the year's leave given; HR and payroll stand by."""
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    make.person("pay", roles=(Role.PAYROLL,))
    person = make.person("lilei", superior=make.person("boss"))
    with platform.unit_of_work():
        leave.grant_yearly(2026)
    return person


def take(*spans: tuple[str, str, str]) -> None:
    for first, last, to_half in spans:
        with platform.unit_of_work():
            plan = leave.Apply(kind="annual", first_day=D(first), last_day=D(last), to_half=to_half)
            grants.approve(leave.apply(people.by_userid("lilei"), plan).id)


def leave_on(person: Person, day: str) -> None:
    with platform.unit_of_work():
        change(person, status=PersonStatus.INACTIVE, left_on=D(day))
        platform.publish(people.Left(person.id))


def change(person: Person, **values: object) -> None:
    db.session.execute(update(Person).where(Person.id == person.id).values(**values))
    db.session.expire_all()


def return_on(person: Person, day: str | None) -> None:
    with platform.unit_of_work():
        change(person, status=PersonStatus.ACTIVE, left_on=None, **({"hired_on": D(day)} if day else {}))
        platform.publish(people.Joined(person.id))


def settlements() -> list[SettlementOut]:
    with platform.unit_of_work(writes=False):
        return leave.settlements.listing(people.by_userid("hr"), SettlementsQuery()).items


def left(person: Person) -> dict[str, int]:
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.grant_key, func.sum(LeaveEntry.minutes))
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
        )
        return {key.replace(f":{person.id}", ""): int(minutes) for key, minutes in rows}


def test_unused_days_become_pay_and_are_gone(li: Person) -> None:
    take(("2026-03-09", "2026-03-10", "am"))
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
    (one,) = settlements()
    assert (one.days, one.state, one.due_on) == (1, "due", D("2026-07-31"))
    assert one.sentences == [
        "2026年折算未休 1 天：1月1日起 212 天÷365×5 天 − 已休 1.5 天 = 1.4041，取整数，不为负，多休的不扣回"
        "（《企业职工带薪年休假实施办法》第十二条）"
    ]
    assert left(li) == {"annual:2026": 0}
    with platform.unit_of_work():
        line = leave.settlements.price(people.by_userid("pay"), one.id, Price(average_wage="7250.00"))
    assert line.amount == Money.yuan("666.67")
    assert "7250.00 ÷ 21.75 × 1 天 × 200% = 666.67 元" in line.sentence
    with platform.unit_of_work(writes=False):
        (pay,) = leave.settlements.pay_lines(D("2026-07-01"), D("2026-07-31"))
        assert leave.settlements.pay_lines(D("2026-08-01"), D("2026-08-31")) == []
    assert (pay.person_id, pay.amount, pay.sentences) == (li.id, line.amount, [*one.sentences, line.sentence])


def test_leave_after_the_last_day_was_not_taken(li: Person) -> None:
    take(("2026-07-30", "2026-08-03", "pm"))
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
    (one,) = settlements()
    assert one.days == 0
    assert "已休 2 天 = 0.9041" in one.sentences[0]


def test_carried_days_booked_for_after_the_last_day_are_paid(li: Person) -> None:
    with platform.unit_of_work():
        leave.grant_yearly(2025)
    take(("2026-07-06", "2026-07-10", "pm"))
    assert left(li) == {"annual:2025": 0, "annual:2026": 5 * 480}
    with clock.frozen(END_OF_APRIL):
        leave_on(li, "2026-04-30")
    (one,) = settlements()
    assert (one.days, one.sentences[1][:15]) == (1 + 5, "2025年结转未休 5 天（《")
    assert left(li) == {"annual:2025": 0, "annual:2026": 0}


def test_a_request_over_many_monthly_lots_loses_its_later_days_once(li: Person) -> None:
    monthly(li)
    with clock.frozen(datetime(2026, 12, 2, 1, 0, tzinfo=UTC)):
        with platform.unit_of_work():
            leave.grant_yearly(2026)
        take(("2026-12-07", "2026-12-10", "pm"))
        leave_on(li, "2026-12-09")
    (one,) = settlements()
    assert one.days == 1
    assert "已休 3 天 = 1.6986" in one.sentences[0]
    assert set(left(li).values()) == {0}


def monthly(person: Person) -> None:
    """Annual leave of this year comes month by month, and nothing of it has come yet."""
    with platform.unit_of_work():
        for row in db.session.scalars(select(LeaveLot).where(LeaveLot.person_id == person.id)).all():
            db.session.execute(delete(LeaveEntry).where(LeaveEntry.lot_id == row.id))
            db.session.delete(row)
        hr = people.by_userid("hr")
        form = leave.policies.PolicyForm(
            basis=Basis.STATUTORY_ANNUAL, accrual=Accrual.MONTHLY, carry_months=12, valid_from=D("2026-01-01"),
            version=leave.policies.versions(hr, "annual")[0].version,
        )  # fmt: skip
        leave.policies.release(hr, "annual", form)


def test_a_later_last_day_counts_what_was_booked_until_then(li: Person) -> None:
    take(("2026-07-06", "2026-07-08", "pm"))
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-04-30")
        (one,) = settlements()
        assert (one.days, left(li)) == (1, {"annual:2026": 0})
        with platform.unit_of_work():
            leave.settlements.restate(people.by_userid("hr"), one.id, Restate(left_on=D("2026-07-07")))
        (again,) = settlements()
        assert (again.days, again.sentences[0].count("已休 2 天")) == (0, 1)
        with platform.unit_of_work():
            leave.settlements.void(people.by_userid("hr"), one.id)
    assert left(li) == {"annual:2026": 2 * 480}


def test_who_took_more_owes_nothing(li: Person) -> None:
    take(("2026-03-09", "2026-03-13", "pm"))
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-04-30")
    (one,) = settlements()
    assert (one.days, left(li)) == (0, {"annual:2026": 0})


def test_days_carried_over_are_paid_as_well(li: Person) -> None:
    with platform.unit_of_work():
        leave.grant_yearly(2024)
        leave.grant_yearly(2025)
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
    (one,) = settlements()
    assert one.days == 2 + 5 + 5
    assert [said[:15] for said in one.sentences[1:]] == ["2024年结转未休 5 天（《", "2025年结转未休 5 天（《"]
    assert set(left(li).values()) == {0}


def test_who_lost_the_years_leave_is_paid_none(li: Person) -> None:
    with platform.unit_of_work():
        proof = platform.Upload("p.png", grants.PNG)
        plan = leave.Apply(kind="sick", first_day=D("2026-03-02"), last_day=D("2026-04-30"), proof=proof)
        grants.approve(leave.apply(people.by_userid("lilei"), plan).id)
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
    (one,) = settlements()
    assert one.days == 0
    assert "病假累计 60 天" in one.sentences[0]


def test_leaving_twice_is_leaving_once(li: Person) -> None:
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
        leave_on(li, "2026-07-31")
    assert len(settlements()) == 1
    with platform.unit_of_work(writes=False):
        written = db.session.scalars(select(LeaveEntry.minutes).where(LeaveEntry.kind == EntryKind.SETTLE)).all()
    assert written == [-5 * 480]


def test_a_return_begins_a_new_employment(li: Person) -> None:
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-04-30")
        return_on(li, None)
        assert left(li) == {"annual:2026": 0}
        return_on(li, "2026-07-01")
        assert left(li) == {"annual:2026": 0, "annual:2026:2": 2 * 480}
        leave_on(li, "2026-07-31")
    assert {(one.hired_on, one.days) for one in settlements()} == {(D("2020-01-01"), 1), (D("2026-07-01"), 0)}


def test_a_departure_that_was_a_mistake_is_undone(li: Person) -> None:
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
        return_on(li, None)
        (one,) = settlements()
        with platform.unit_of_work():
            leave.settlements.void(people.by_userid("hr"), one.id)
        assert left(li) == {"annual:2026": 5 * 480}
        with platform.unit_of_work(), pytest.raises(AppError, match="已经作废"):
            leave.settlements.void(people.by_userid("hr"), one.id)
        with platform.unit_of_work(), pytest.raises(AppError, match="不能核算"):
            leave.settlements.price(people.by_userid("pay"), one.id, Price(average_wage="7250.00"))
        leave_on(li, "2026-07-31")
        assert [(one.state, one.days) for one in settlements()] == [("due", 2)]


def test_the_true_last_day_is_reckoned_anew(li: Person) -> None:
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
        (one,) = settlements()
        with platform.unit_of_work():
            leave.settlements.restate(people.by_userid("hr"), one.id, Restate(left_on=D("2026-03-31")))
    (again,) = settlements()
    assert (again.id, again.days, again.due_on) == (one.id, 1, D("2026-03-31"))
    assert left(li) == {"annual:2026": 0}


def test_wages_are_for_payroll_only(li: Person) -> None:
    with clock.frozen(END_OF_JULY):
        leave_on(li, "2026-07-31")
    (one,) = settlements()
    with platform.unit_of_work(), pytest.raises(AppError):
        leave.settlements.price(people.by_userid("hr"), one.id, Price(average_wage="7250.00"))
    with platform.unit_of_work(), pytest.raises(AppError):
        leave.settlements.void(people.by_userid("pay"), one.id)
    with platform.unit_of_work():
        leave.settlements.price(people.by_userid("pay"), one.id, Price(average_wage="7250.00"))
        assert leave.settlements.priced(people.by_userid("pay"), one.id).amount == Money.yuan("1333.33")
        assert leave.settlements.detail(people.by_userid("pay"), one.id).state == "priced"


def test_without_a_first_day_there_is_nothing_to_reckon(li: Person) -> None:
    nodate = make.person("nodate", hired_on=None)
    leave_on(nodate, "2026-03-01")
    assert settlements() == []
