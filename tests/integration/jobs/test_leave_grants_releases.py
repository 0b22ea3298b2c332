"""Whatever policies are released for a year, one after the other: what stands in the end is what the last one says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import case, func, select

from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot
from models.people import Person
from services import leave, people, platform
from services.leave import ledger
from services.leave.entries import REST
from services.leave.ledger import Cause
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
A_DAY = 480
GIVEN = (EntryKind.GRANT, EntryKind.CORRECT)


def release(**changes: object) -> None:
    """HR releases another policy of annual leave, from 1 January of this year."""
    usual = {"basis": "statutory_annual", "is_prorated": True, "valid_from": D("2026-01-01")}
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        version = leave.policies.versions(hr, "annual")[0].version
        leave.policies.release(hr, "annual", leave.policies.PolicyForm(**usual | changes | {"version": version}))


def give(*persons: Person) -> int:
    with platform.unit_of_work():
        return sum(leave.grant_for(one.id) for one in persons)


def stands(person: Person) -> dict[bool, tuple[int, int]]:
    """What was given and what is left, of the law's days and of the company's."""
    total = func.sum(case((LeaveEntry.kind.in_(GIVEN), LeaveEntry.minutes), else_=0))
    found = {False: (0, 0), True: (0, 0)}
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.grant_key, total, func.sum(LeaveEntry.minutes))
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
        ).all()
    for key, made, rest in rows:
        assert rest >= 0, "nothing is taken back that was spent"
        company = ":company" in key
        found[company] = (found[company][0] + int(made), found[company][1] + int(rest))
    return found


def spend(person: Person, parts: list[int]) -> None:
    """Somebody uses so many hundredths of what is left of each lot."""
    with platform.unit_of_work():
        lots = select(LeaveLot.id, REST).where(LeaveLot.person_id == person.id).order_by(LeaveLot.grant_key)
        rests = db.session.execute(lots).all()
        taken = {lot_id: int(rest) * part // 100 for (lot_id, rest), part in zip(rests, parts, strict=False)}
        ledger.take(person.id, "annual", EntryKind.HOLD, taken, Cause("用掉", "system:tests"))


policies = st.fixed_dictionaries({
    "accrual": st.sampled_from(["yearly", "monthly"]),
    "days": st.integers(0, 12),
    "steps": st.sampled_from(["", "3:2", "1:1\n5:4"]),
    "wait_months": st.sampled_from([0, 3]),
})  # fmt: skip
spendings = st.lists(st.sampled_from([0, 0, 30, 100]), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hired=st.dates(D("2015-01-01"), D("2026-02-27")),
    released=st.lists(st.tuples(policies, spendings), min_size=1, max_size=4),
)
def test_after_any_releases_the_last_one_holds(
    app: Flask, hired: date, released: list[tuple[Mapping[str, Any], list[int]]]
) -> None:
    grants.kinds()
    name = new_id().lower()
    make.person(f"boss{name}")
    if not db.session.scalar(select(Person.id).where(Person.userid == "hr")):
        make.person("hr", roles=(Role.HR,))
    person = make.person(f"a{name}", hired_on=hired, first_worked_on=D("2014-01-01"))
    for policy, parts in released:
        release(**policy)
        give(person)
        spend(person, parts)
    give(person)
    fresh = make.person(f"b{name}", hired_on=hired, first_worked_on=D("2014-01-01"))
    give(fresh)
    due = stands(fresh)
    for company, (total, rest) in stands(person).items():
        assert total == max(due[company][0], total - rest)
    assert give(person, fresh) == 0, "and it stays so"


def test_days_of_the_company_that_are_given_no_more_are_taken_back(app: Flask) -> None:
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    person = make.person("lilei", hired_on=D("2020-01-01"), first_worked_on=D("2020-01-01"))
    release(days=4)
    give(person)
    assert stands(person) == {False: (5 * A_DAY, 5 * A_DAY), True: (4 * A_DAY, 4 * A_DAY)}
    spend(person, [0, 25])
    release(days=0)
    give(person)
    assert stands(person) == {False: (5 * A_DAY, 5 * A_DAY), True: (A_DAY, 0)}


def test_a_year_given_at_once_is_not_given_again_by_the_month(app: Flask) -> None:
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    person = make.person("lilei", hired_on=D("2020-01-01"), first_worked_on=D("2010-01-01"))
    give(person)
    spend(person, [20])
    release(accrual="monthly")
    give(person)
    assert stands(person)[False] == (2 * A_DAY, 0), "two of ten days are used, more than three months bring"
    release(accrual="yearly")
    give(person)
    assert stands(person)[False] == (10 * A_DAY, 8 * A_DAY)
