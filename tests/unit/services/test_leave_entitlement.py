"""What a policy gives, case by case: the examples of china-hr-rules 1.2 and 1.3, and what the company adds."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from kit.money import Money
from models.enums import AbsenceKind, Accrual, Basis, Crossing, Rounding
from services.leave.granting.rules import annual, entitlement, forfeits, payout
from services.leave.granting.rules.entitlement import Due, Facts
from services.leave.granting.rules.forfeits import Absence
from services.leave.granting.rules.policy import Policy, Released, Step, in_force

D = date.fromisoformat
LONG_AGO = D("2000-01-01")
STATUTORY = Policy(basis=Basis.STATUTORY_ANNUAL, carry_months=12)


def released(policy: Policy, version: int = 1, valid_from: date = LONG_AGO) -> Released:
    return Released("annual", "年假", version, valid_from, policy)


def facts(hired: str = "2020-01-01", worked: str | None = "2018-01-01", **more: object) -> Facts:
    return Facts("p", D(hired), D(worked) if worked else None, day_minutes=480, **more)  # type: ignore[arg-type]


def days(found: list[Due]) -> list[float]:
    return [one.minutes / one.day_minutes for one in found]


def absent(kind: AbsenceKind, length: float, last: str = "2026-06-30") -> Absence:
    return Absence(kind, D(last), Fraction(length))


SICK, PERSONAL, VACATION = AbsenceKind


@pytest.mark.parametrize(
    ("hired", "worked", "year", "given"),
    [
        # the published example and its neighbours (china-hr-rules 1.3)
        ("2024-09-01", "2018-01-01", 2024, 1),
        ("2026-07-01", "2012-01-01", 2026, 5),
        ("2026-05-27", "2018-01-01", 2026, 3),
        ("2026-10-19", "2018-01-01", 2026, 1),
        ("2024-01-01", "2012-01-01", 2024, 10),
        # cumulative service (1.2): under one year, one, ten, twenty
        ("2026-01-05", "2026-01-05", 2026, 0),
        ("2020-01-01", "2016-01-02", 2025, 5),
        ("2020-01-01", "2016-01-01", 2026, 10),
        ("2020-01-01", "2006-01-01", 2026, 15),
        # twelve months are completed inside the year: 2026-07-01 to 31 December, 184 / 365 x 5 = 2.52
        ("2025-07-01", "2025-07-01", 2026, 2),
    ],
)
def test_statutory_days_by_service_and_share_of_the_year(hired: str, worked: str, year: int, given: float) -> None:
    assert days(entitlement.entitled(released(STATUTORY), facts(hired, worked), year)) == [given]


@pytest.mark.parametrize(
    ("worked", "segmented", "year_start", "year_end"),
    [("2016-04-01", 8, 5, 10), ("2006-09-01", 11, 10, 15), ("2016-12-31", 5, 5, 10), ("2016-01-01", 10, 10, 10)],
)
def test_a_tier_reached_within_the_year(worked: str, segmented: int, year_start: int, year_end: int) -> None:
    expected = {Crossing.SEGMENTED: segmented, Crossing.YEAR_START: year_start, Crossing.YEAR_END: year_end}
    for crossing, given in expected.items():
        found = annual.entitlement(2026, D("2018-01-01"), D(worked), crossing)
        assert (crossing, found.days) == (crossing, given)


def test_the_arithmetic_of_a_crossing_is_shown() -> None:
    assert "8.7671" in annual.entitlement(2026, D("2018-01-01"), D("2016-04-01")).sentence
    assert "11.6712" in annual.entitlement(2026, D("2008-01-01"), D("2006-09-01")).sentence
    assert "5.0137"[:5] in annual.entitlement(2026, D("2018-01-01"), D("2016-12-31")).sentence
    said = annual.entitlement(2026, D("2018-01-01"), D("2016-04-01"), Crossing.YEAR_END).sentence
    assert "年内跨档，按公司规定全年按跨档后计" in said


def test_before_twelve_months_nothing_counts_whatever_the_crossing() -> None:
    for crossing in Crossing:
        found = annual.entitlement(2026, D("2025-07-01"), None, crossing)
        assert (found.days, found.starts_on) == (2, D("2026-07-01"))


@pytest.mark.parametrize(
    ("worked", "absences", "given"),
    [
        ("2018-01-01", [absent(SICK, 59)], 5),
        ("2018-01-01", [absent(SICK, 60)], 0),
        ("2018-01-01", [absent(SICK, 30, "2026-03-30"), absent(SICK, 30)], 0),
        ("2018-01-01", [absent(SICK, 60, "2025-06-30")], 5),
        ("2010-01-01", [absent(SICK, 89)], 10),
        ("2010-01-01", [absent(SICK, 90)], 0),
        ("2000-01-01", [absent(SICK, 119)], 15),
        ("2000-01-01", [absent(SICK, 120)], 0),
        ("2018-01-01", [absent(PERSONAL, 19.5)], 5),
        ("2018-01-01", [absent(PERSONAL, 20)], 0),
        ("2018-01-01", [absent(VACATION, 30)], 0),
        ("2018-01-01", [absent(VACATION, 3)], 2),
    ],
)
def test_what_costs_the_annual_leave(worked: str, absences: list[Absence], given: float) -> None:
    found = entitlement.entitled(released(STATUTORY), facts(worked=worked, absences=tuple(absences)), 2026)
    assert days(found) == [given]
    assert forfeits.SOURCE in found[0].sentence or given in (5, 10, 15)


def test_leave_already_taken_costs_the_next_year_instead() -> None:
    ill = facts(absences=(absent(SICK, 60),), enjoyed=frozenset({2026}))
    assert days(entitlement.entitled(released(STATUTORY), ill, 2026)) == [5]
    (next_year,) = entitlement.entitled(released(STATUTORY), ill, 2027)
    assert next_year.minutes == 0
    assert "已休过年休假" in next_year.sentence
    assert days(entitlement.entitled(released(STATUTORY), ill, 2028)) == [10]


@pytest.mark.parametrize(
    ("first", "left", "rate", "arranged", "payable", "shown"),
    [
        ("2026-01-01", "2026-04-30", 10, 0, 3, "3.2876"),
        ("2026-01-01", "2026-09-30", 10, 9, 0, "-1.5205"),
        ("2026-02-16", "2026-12-15", 15, 4, 8, "8.4520"),
        ("2026-01-01", "2026-07-31", 5, 1.5, 1, "1.4041"),
    ],
)
def test_payable_days_at_leaving(first: str, left: str, rate: int, arranged: float, payable: int, shown: str) -> None:
    worked = {5: "2018-01-01", 10: "2012-01-01", 15: "2000-01-01"}[rate]
    found = annual.stretches(D(first), D(left), D(worked))
    unused = payout.this_year(found, D(left), Fraction(arranged))
    assert unused.days == payable
    assert shown in unused.sentence


@pytest.mark.parametrize(
    ("average", "unused", "percent", "amount"),
    [("10000", 3, 200, "2758.62"), ("7250", 5, 200, "3333.33"), ("15333.33", 2, 300, "4229.88")],
)
def test_what_unused_days_are_worth(average: str, unused: int, percent: int, amount: str) -> None:
    line = payout.pay(Money.yuan(average), Fraction(unused), percent)
    assert line.amount == Money.yuan(amount)
    assert f"{percent}%" in line.sentence


def test_the_company_adds_days_and_steps_by_its_own_service() -> None:
    generous = STATUTORY.model_copy(
        update={"days": Decimal("2"), "steps": (Step(years=3, days=1), Step(years=6, days=3))}
    )
    statutory, company = entitlement.entitled(released(generous), facts("2020-01-01"), 2025)
    assert (statutory.title, company.title) == ("2025年年假", "2025年公司年假")
    assert days([statutory, company]) == [5, 3]
    assert company.sentence.startswith("2025年公司给假 3 天：全年在职，每年 2 天＋司龄 1 天（公司休假制度）")
    # six years on 2026-07-01: 181 / 365 x 3 + 184 / 365 x 5 = 4.0082
    (_, company) = entitlement.entitled(released(generous), facts("2020-07-01"), 2026)
    assert days([company]) == [4]
    assert "181 天÷365×3 天 + 7月1日起 184 天÷365×5 天 = 4.0082" in company.sentence


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({}, 2.5),  # 184 / 365 x 5 = 2.5205
        ({"rounding": Rounding.DAY}, 2),
        ({"rounding": Rounding.MINUTE}, 1209 / 480),
        ({"is_prorated": False}, 5),
        ({"wait_months": 3}, 1),  # from 1 October: 92 / 365 x 5 = 1.2602
        ({"wait_months": 6}, 0),
    ],
)
def test_company_days_of_who_joins_in_july(changes: dict[str, object], given: float) -> None:
    policy = Policy(days=Decimal(5)).model_copy(update=changes)
    assert days(entitlement.entitled(released(policy), facts("2026-07-01"), 2026)) == [given]


def test_months_come_to_the_year_and_each_is_given_on_its_first_day() -> None:
    monthly = STATUTORY.model_copy(update={"accrual": Accrual.MONTHLY, "rounding": Rounding.MINUTE})
    found = entitlement.entitled(released(monthly), facts(), 2026)
    assert len(found) == 12
    assert sum(one.minutes for one in found) == 5 * 480
    assert [one.given_on for one in found[:2]] == [D("2026-01-01"), D("2026-02-01")]
    assert {one.key for one in found[:1]} == {"annual:2026-01:p"}
    assert found[2].sentence.startswith("3月按月累积：到月底共 1.23 天；2026年法定年休假 5 天")
    assert [one.minutes for one in entitlement.due([released(monthly)], facts(), 2026, D("2026-03-15"))] == [
        one.minutes for one in found[:3]
    ]


def test_who_joins_in_may_gets_the_months_from_then() -> None:
    monthly = STATUTORY.model_copy(update={"accrual": Accrual.MONTHLY, "rounding": Rounding.HALF_DAY})
    found = entitlement.entitled(released(monthly), facts("2026-05-27"), 2026)
    assert [one.given_on for one in found[:2]] == [D("2026-05-27"), D("2026-06-01")]
    assert sum(one.minutes for one in found) == 3 * 480
    assert all(one.minutes % 240 == 0 for one in found)


@pytest.mark.parametrize(
    ("months", "more_days", "until"), [(12, 0, "2027-12-31"), (3, 0, "2027-03-31"), (0, 0, "2026-12-31"),
                                       (2, 10, "2027-03-10")]
)  # fmt: skip
def test_what_is_carried_over_has_its_own_last_day(months: int, more_days: int, until: str) -> None:
    policy = STATUTORY.model_copy(update={"carry_months": months, "carry_days": more_days, "days": Decimal(1)})
    statutory, company = entitlement.entitled(released(policy), facts(), 2026)
    assert (statutory.expires_on, company.expires_on) == (D(until), D("2026-12-31"))


def test_the_version_in_force_when_a_grant_is_given_decides() -> None:
    old = released(STATUTORY.model_copy(update={"days": Decimal(1)}))
    new = released(STATUTORY.model_copy(update={"days": Decimal(3)}), 2, D("2026-07-01"))
    before, after = facts("2026-03-01"), facts("2026-08-01")
    assert {one.version for one in entitlement.due([old, new], before, 2026, D("2026-12-31"))} == {1}
    assert {one.version for one in entitlement.due([old, new], after, 2026, D("2026-12-31"))} == {2}
    assert {one.version for one in entitlement.due([old, new], before, 2027, D("2027-01-01"))} == {2}
    same_day = released(STATUTORY, 3, D("2026-07-01"))
    assert in_force([old, same_day, new], D("2026-07-01")) is same_day
    assert in_force([new], D("2026-06-30")) is None


def test_a_second_employment_of_the_year_has_lots_of_its_own() -> None:
    (first,) = entitlement.entitled(released(STATUTORY), facts("2026-02-01"), 2026)
    (second,) = entitlement.entitled(released(STATUTORY), facts("2026-09-01", stint=2), 2026)
    assert (first.key, second.key) == ("annual:2026:p", "annual:2026:p:2")


@pytest.mark.parametrize(
    ("key", "year"),
    [("annual:2026:p", 2026), ("annual:2026-03:p", 2026), ("annual:2026:p:2", 2026), ("annual:2026:p:company", None),
     ("adjust:01ABC", None), ("annual:2026:p:company:2", None)],
)  # fmt: skip
def test_which_year_a_statutory_lot_is_of(key: str, year: int | None) -> None:
    assert entitlement.statutory_year(key) == year


@pytest.mark.parametrize("steps", [[(3, 1), (3, 2)], [(3, 2), (5, 1)]])
def test_steps_only_rise(steps: list[tuple[int, int]]) -> None:
    with pytest.raises(ValidationError):
        Policy(steps=tuple(Step(years=years, days=Decimal(more)) for years, more in steps))
