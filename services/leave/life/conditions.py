"""What a kind's rules say to a plan, one after the other, and what people should know of them before they submit."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from kit.errors import Conflict
from models.enums import Counting, ProofOverdue
from services.leave import rules
from services.leave.life.cases import Case
from services.leave.life.rules import ahead, amounts, events, limits
from services.leave.rulebook.rules import medical, occasions
from services.leave.rulebook.rules.packs import NATIONAL
from services.leave.rules import Facts, NotEligible


def checks(case: Case) -> tuple[Callable[[Case], None], ...]:
    """The rules that the kind has, in the order in which they are asked; a kind without a rule asks nothing for it."""
    mine = case.kind.rules
    asked: tuple[tuple[object, Callable[[Case], None]], ...] = (
        (mine.gender or mine.min_service_months, _eligible),
        (mine.only_places, _place),
        (mine.only_tags, _tags),
        (mine.notice or mine.blackouts or mine.on_days, _when),
        (mine.least_minutes or mine.daily_minutes, _amount),
        (mine.is_by_event, _occasion),
        (mine.is_limited, _limits),
        (mine.proof_within_days is not None and mine.proof_overdue is ProofOverdue.BLOCK, _proofs),
    )
    return tuple(check for is_asked, check in asked if is_asked)


def _eligible(case: Case) -> None:
    rules.check_eligible(case.kind.rules, Facts(case.person.gender, case.person.hired_on), case.plan.first_day)


def _place(case: Case) -> None:
    only = case.kind.rules.only_places
    if case.place not in only:
        raise NotEligible(f"这种假只限所在地为{'、'.join(only)}的员工，您的所在地是{case.place}{_source(case)}")


def _tags(case: Case) -> None:
    only = case.kind.rules.only_tags
    if not set(only) & set(case.tags):
        raise NotEligible(f"这种假只限{'、'.join(only)}，您不在其中{_source(case)}")


def _when(case: Case) -> None:
    ahead.check_notice(case.kind.rules, case.plan.first_day, case.whole_length, case.asked_on)
    ahead.check_days(case.kind.rules, case.kind.name, case.days)


def _amount(case: Case) -> None:
    amounts.check_amount(case.kind.rules, case.portions, case.told.babies, case.beside.minutes)


def _occasion(case: Case) -> None:
    occasions.check_told(case.kind.rules.occasion, case.told)
    limits.check_within(case.kind.rules, case.kind.name, case.told, case.days)
    events.check(case.kind.rules, case.kind.name, case.told, case.days[0], case.asked_on)
    if case.given is not None and not case.given.days:
        raise NotEligible(_nothing(case))


def _nothing(case: Case) -> str:
    """There are no days for this occasion; where that is because nobody said where the company is, it says so."""
    if case.pack is not None and case.pack.place == NATIONAL and case.place == NATIONAL:
        return f"按全国规定，您填写的情况没有{case.kind.name}；如果当地另有规定，请联系人事设置所在地{_given_by(case)}"
    return f"按{case.place}的规定，您填写的情况没有{case.kind.name}{_given_by(case)}"


def _given_by(case: Case) -> str:
    return rules.sourced(case.given.source if case.given else "")


def _limits(case: Case) -> None:
    events.check_again(case.kind.rules, case.kind.name, case.told, case.before)
    if case.kind.rules.is_once:
        limits.check_once(case.kind.name, case.before, case.event_key)
    for limit in case.limits:
        limits.check(limit, case.before, case.portions)


def _proofs(case: Case) -> None:
    first = case.owes_proof_since
    if first is not None:
        name = case.kind.rules.proof_name
        raise Conflict(f"您 {first.isoformat()} 的{case.kind.name}还没有补交{name}，补交后才能再请")


def _source(case: Case) -> str:
    return rules.sourced(case.kind.rules.source)


def notes(case: Case) -> Iterator[str]:
    """What is left, until when it runs, what is to be handed in: said where the kind has such a rule."""
    yield from _rounding(case)
    yield from _together(case)
    for limit in case.limits if case.kind.rules.is_limited else ():
        yield limits.note(limit, case.before, case.portions)
    yield from _end(case)
    if case.pack is not None and case.pack.note:
        yield case.pack.note
    if case.kind.rules.has_medical_period:
        yield medical.words(case.sickness) if case.sickness else "档案中没有入职日期，算不出医疗期，请联系人事补全"


def _rounding(case: Case) -> Iterator[str]:
    step, exact = case.kind.rules.step_minutes, sum(one.exact for one in case.portions if one.exact is not None)
    if any(one.exact not in (None, one.minutes) for one in case.portions):
        yield f"工作时间内共 {exact} 分钟，不足 {step} 分钟的按 {step} 分钟计"


def _together(case: Case) -> Iterator[str]:
    if case.beside.run:
        yield f"和相邻的{case.kind.name}连起来共 {case.whole_length.normalize():f} 天"


def _end(case: Case) -> Iterator[str]:
    """Until when all of it would last, for what runs through rest days and holidays."""
    if case.given is None or case.kind.rules.counting is not Counting.CALENDAR or not case.limits:
        return
    rest = Fraction(case.given.days) - case.limits[0].used(case.before)
    if rest >= 1:
        last = _last(case.plan.first_day, int(rest))
        yield f"从 {case.plan.first_day.isoformat()} 休满 {int(rest)} 天，到 {last.isoformat()} 止（周末和节假日计入）"


def _last(first: date, days: int) -> date:
    return first + timedelta(days=days - 1)


def proof_due(case: Case, *, has_proof: bool) -> date | None:
    """By when the proof that did not come along is to be handed in."""
    mine = case.kind.rules
    if has_proof or mine.proof_within_days is None or not amounts.needs_proof(mine, case.whole_length):
        return None
    return case.plan.last_day + timedelta(days=mine.proof_within_days)
