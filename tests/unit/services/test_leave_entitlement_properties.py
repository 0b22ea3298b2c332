"""What holds for every policy and every person: found by trying many of them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.enums import Accrual, Basis, Crossing, Rounding
from services.leave.granting.rules import annual, entitlement, payout
from services.leave.granting.rules.entitlement import Facts
from services.leave.granting.rules.policy import Policy, Released, Step

YEAR = 2026
life = st.dates(date(1990, 1, 1), date(2026, 12, 31))
halves = st.integers(0, 20).map(lambda n: Decimal(n) / 2)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    years = draw(st.lists(st.integers(1, 20), max_size=3, unique=True))
    more = sorted(draw(st.lists(halves, min_size=len(years), max_size=len(years))))
    return Policy(
        basis=draw(st.sampled_from([Basis.STATUTORY_ANNUAL, Basis.COMPANY])),
        crossing=draw(st.sampled_from(Crossing)),
        days=draw(halves),
        steps=tuple(Step(years=y, days=d) for y, d in zip(sorted(years), more, strict=True)),
        wait_months=draw(st.integers(0, 12)),
        is_prorated=draw(st.booleans()),
        rounding=draw(st.sampled_from(Rounding)),
    )


@st.composite
def people(draw: st.DrawFn) -> Facts:
    worked = draw(st.none() | life)
    return Facts("p", draw(life), worked, day_minutes=draw(st.sampled_from([420, 450, 480])))


def given_by(policy: Policy, facts: Facts) -> list[int]:
    return [one.minutes for one in entitlement.entitled(Released("annual", "年假", 1, date.min, policy), facts, YEAR)]


@given(policies(), people())
def test_the_months_of_a_year_come_to_the_year(policy: Policy, facts: Facts) -> None:
    yearly = given_by(policy, facts)
    monthly = given_by(policy.model_copy(update={"accrual": Accrual.MONTHLY}), facts)
    assert sum(monthly) == sum(yearly)
    assert all(minutes >= 0 for minutes in monthly + yearly)


@given(policies(), people())
def test_keys_are_of_one_grant_each_and_explain_themselves(policy: Policy, facts: Facts) -> None:
    for accrual in Accrual:
        released = Released("annual", "年假", 1, date.min, policy.model_copy(update={"accrual": accrual}))
        found = entitlement.entitled(released, facts, YEAR)
        assert len({one.key for one in found}) == len(found)
        assert all("发放规则第 1 版" in one.sentence and one.starts_on <= one.expires_on for one in found)
        assert all(one.given_on >= facts.hired_on for one in found)


@given(people(), st.sampled_from(Crossing))
def test_no_policy_gives_less_than_the_law_but_by_the_companys_choice_of_crossing(
    facts: Facts, crossing: Crossing
) -> None:
    statutory = annual.entitlement(YEAR, facts.hired_on, facts.first_worked_on).days
    policy = Policy(basis=Basis.STATUTORY_ANNUAL, crossing=crossing)
    given = sum(given_by(policy, facts)) // facts.day_minutes
    assert given >= statutory or crossing is Crossing.YEAR_START


@given(people(), st.integers(0, 364), st.integers(0, 30))
def test_staying_longer_never_pays_fewer_days_and_taking_more_never_pays_more(
    facts: Facts, days: int, taken: int
) -> None:
    first = max(date(YEAR, 1, 1), facts.hired_on)
    left = min(first + timedelta(days=days), date(YEAR, 12, 31))

    def unused(until: date, arranged: int) -> Fraction:
        found = annual.stretches(first, until, facts.worked_since)
        return payout.this_year(found, until, Fraction(arranged, 2)).days

    later = min(left + timedelta(days=30), date(YEAR, 12, 31))
    assert 0 <= unused(left, taken) <= unused(later, taken)
    assert unused(left, taken + 1) <= unused(left, taken)
