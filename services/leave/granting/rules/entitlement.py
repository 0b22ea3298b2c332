"""What a policy gives somebody in a year, with the sentence that explains each grant. Pure.

The one answer to "how much": hire, yearly and monthly job, transfer, return, import of dates and every preview ask
`entitled`, so equal facts give equal grants (lesson 6 of other systems).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from models.enums import Accrual, Basis, Crossing
from services.leave.granting.rules import annual, forfeits, shares
from services.leave.granting.rules.forfeits import Absence
from services.leave.granting.rules.policy import Policy, Released, in_force
from services.leave.granting.rules.shares import Part
from services.leave.rules import add_months


@dataclass(frozen=True)
class Facts:
    """What is known of a person when their leave is reckoned.

    `stint` counts their employments of the year, `enjoyed` the years of whose statutory leave something was taken,
    `day_minutes` their working day.
    """

    person_id: str
    hired_on: date
    first_worked_on: date | None
    day_minutes: int
    absences: tuple[Absence, ...] = ()
    enjoyed: frozenset[int] = frozenset()
    stint: int = 1

    @property
    def worked_since(self) -> date:
        return min(self.first_worked_on or self.hired_on, self.hired_on)


@dataclass(frozen=True)
class Due:
    """A grant as it should stand: from `given_on` on it is given, from `starts_on` to `expires_on` it may be taken.

    `minutes` may be none: then whatever was given before under this key is too much.
    """

    key: str
    person_id: str
    kind_code: str
    version: int
    title: str
    given_on: date
    starts_on: date
    expires_on: date
    minutes: int
    day_minutes: int
    sentence: str


@dataclass(frozen=True)
class _Whole:
    """The days of one year from one source, before they are spread over months."""

    days: Fraction
    parts: tuple[Part, ...]
    sentence: str
    is_company: bool


def due(versions: list[Released], facts: Facts, year: int, on: date) -> list[Due]:
    """What stands to be given on a day for a year, each grant by the version in force when it is given."""
    return [
        one
        for version in versions
        for one in entitled(version, facts, year)
        if one.given_on <= on and in_force(versions, one.given_on) is version
    ]


def ended(
    versions: list[Released], facts: Facts, year: int, on: date, given: Iterable[str], found: Sequence[Due]
) -> list[Due]:
    """What was given for the year in this employment (by key) and is due no more: each as a grant of nothing."""
    holds = in_force(versions, on)
    still = {one.key for one in found}
    gone = sorted(key for key in given if key not in still and _is_of(key, year, facts.stint))
    return [_nothing(holds, facts, year, key) for key in gone] if holds else []


def _nothing(released: Released, facts: Facts, year: int, key: str) -> Due:
    name, first = f"{year}年{released.kind_name}", date(year, 1, 1)
    said = f"{name}按发放规则第 {released.version} 版或现在的入职日期不再这样发放"
    whose, when = (facts.person_id, released.kind_code, released.version), (first, first, first)
    return Due(key, *whose, name, *when, minutes=0, day_minutes=facts.day_minutes, sentence=said)


def entitled(released: Released, facts: Facts, year: int) -> list[Due]:
    """All grants of a policy for a year, those of later months included; none for who is hired later."""
    if facts.hired_on > date(year, 12, 31):
        return []
    return [one for whole in _wholes(released.policy, facts, year) for one in _spread(released, facts, year, whole)]


def _wholes(policy: Policy, facts: Facts, year: int) -> Iterable[_Whole]:
    if policy.basis is Basis.STATUTORY_ANNUAL:
        yield _statutory(policy, facts, year)
    if policy.basis is not Basis.OVERTIME and (policy.days or policy.steps):
        yield _company(policy, facts, year)


def _statutory(policy: Policy, facts: Facts, year: int) -> _Whole:
    found = annual.entitlement(year, facts.hired_on, facts.first_worked_on, policy.crossing)
    lost = forfeits.lost(year, facts.absences, facts.enjoyed, facts.worked_since) if found.days else None
    if lost:
        return _Whole(Fraction(), found.parts, lost, is_company=False)
    off = min(forfeits.vacation(year, facts.absences), Fraction(found.days))
    if not off:
        return _Whole(Fraction(found.days), found.parts, found.sentence, is_company=False)
    left = found.days - off
    why = f"；寒暑假已休 {shares.plain(off)} 天，补足 {shares.plain(left)} 天"
    return _Whole(
        left, found.parts, f"{found.sentence}{why}（{forfeits.SOURCE}、{forfeits.TOPPED_UP}）", is_company=False
    )


def _company(policy: Policy, facts: Facts, year: int) -> _Whole:
    first = max(date(year, 1, 1), facts.hired_on)

    def rate(day: date) -> Fraction:
        return policy.company_days(facts.hired_on, day)

    found = tuple(shares.parts(first, date(year, 12, 31), policy.thresholds(facts.hired_on), rate, policy.crossing))
    if not found:
        return _Whole(Fraction(), (), f"{year}年公司尚未给假：入职未满规定时间（{policy.source}）", is_company=True)
    if not policy.is_prorated:
        part = found[0 if policy.crossing is Crossing.YEAR_START else -1]
        sentence = f"{year}年公司给假 {shares.plain(part.days_a_year)} 天，不折算（{policy.source}）"
        return _Whole(part.days_a_year, found, sentence, is_company=True)
    days = shares.cut(shares.exact(found), policy.rounding)
    return _Whole(days, found, _company_sentence(year, found, days, policy), is_company=True)


def _company_sentence(year: int, found: Sequence[Part], days: Fraction, policy: Policy) -> str:
    said = f"{year}年公司给假 {shares.plain(days)} 天"
    if len(found) == 1 and found[0].length >= shares.DIVISOR:
        more = found[0].days_a_year - Fraction(policy.days)
        by_service = f"＋司龄 {shares.plain(more)} 天" if more else ""
        return f"{said}：全年在职，每年 {shares.plain(Fraction(policy.days))} 天{by_service}（{policy.source}）"
    return f"{said}：{shares.words(found)} = {shares.four_decimals(shares.exact(found))}，去尾（{policy.source}）"


def _spread(released: Released, facts: Facts, year: int, whole: _Whole) -> list[Due]:
    first = max(date(year, 1, 1), facts.hired_on)
    if released.policy.accrual is Accrual.YEARLY:
        starts_on = whole.parts[0].first_day if whole.parts else first
        minutes = shares.in_minutes(whole.days, facts.day_minutes)
        return [_due(released, facts, whole, _When(year, 0, first, starts_on), minutes, "")]
    return list(_monthly(released, facts, year, whole))


@dataclass(frozen=True)
class _When:
    """For which year, or month of it (0 is the whole), given and good from when."""

    year: int
    month: int
    given_on: date
    starts_on: date


def _monthly(released: Released, facts: Facts, year: int, whole: _Whole) -> Iterable[Due]:
    """Each month what has come together by its end, less what came before; the year's days in the end."""
    months = [date(year, month, 1) for month in range(1, 13)]
    ends = [add_months(first, 1) - shares.ONE_DAY for first in months]
    sums = [_accrued(released.policy, whole, end) for end in ends[:-1]] + [whole.days]
    minutes = [shares.in_minutes(days, facts.day_minutes) for days in sums]
    for first, (days, (before, after)) in zip(months, zip(sums, pairwise([0, *minutes]), strict=True), strict=True):
        if facts.hired_on < add_months(first, 1):
            begins = max(first, facts.hired_on)
            said = f"{first.month}月按月累积：到月底共 {shares.plain(days)} 天；"
            yield _due(released, facts, whole, _When(year, first.month, begins, begins), after - before, said)


def _accrued(policy: Policy, whole: _Whole, until: date) -> Fraction:
    share = shares.exact(whole.parts, until) if whole.days else Fraction()
    return min(whole.days, shares.cut(share, policy.rounding))


def _due(released: Released, facts: Facts, whole: _Whole, when: _When, minutes: int, said: str) -> Due:
    month = f"-{when.month:02d}" if when.month else ""
    extra = [":company"] * whole.is_company + [f":{facts.stint}"] * (facts.stint > 1)
    policy = released.policy
    is_extra = whole.is_company and policy.basis is Basis.STATUTORY_ANNUAL
    return Due(
        key=f"{released.kind_code}:{when.year}{month}:{facts.person_id}{''.join(extra)}",
        person_id=facts.person_id,
        kind_code=released.kind_code,
        version=released.version,
        title=f"{when.year}年{f'{when.month}月' if when.month else ''}{'公司' if is_extra else ''}{released.kind_name}",
        given_on=when.given_on,
        starts_on=when.starts_on,
        expires_on=policy.good_until(date(when.year, 12, 31), is_company=whole.is_company),
        minutes=minutes,
        day_minutes=facts.day_minutes,
        sentence=f"{said}{whole.sentence}；{released.kind_name}发放规则第 {released.version} 版",
    )


_KEY = re.compile(r"[a-z_]+:(?P<year>\d{4})(-\d\d)?:[^:]+(?P<company>:company)?(:(?P<stint>\d+))?")


def _is_of(key: str, year: int, stint: int) -> bool:
    """Was this given by a policy for that year, in that employment of it?"""
    found = _KEY.fullmatch(key)
    return found is not None and (int(found["year"]), int(found["stint"] or 1)) == (year, stint)


def is_company(key: str) -> bool:
    """Was this given by the company, on top of or without the law?"""
    return "company" in key.split(":")[3:]


def statutory_year(key: str) -> int | None:
    """The year whose statutory leave was given under this key; `None` for what the company gave."""
    found = _KEY.fullmatch(key)
    return int(found["year"]) if found and not is_company(key) else None
