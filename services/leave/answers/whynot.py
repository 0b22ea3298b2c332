"""Why a request would be refused: the rule that says no, its source and version, and the figures it looked at.

The refusal itself comes from the one function that measures; here it is only opened up, with what that function saw.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from kit import clock
from kit.errors import AppError
from kit.schema import View
from models.base import db
from models.enums import Gender
from models.leave import LeaveKind, LeaveLot
from services import people, schedule
from services.leave import ledger, rules
from services.leave.answers.charge import COUNTINGS
from services.leave.life import quotes
from services.leave.life.quotes import Quote
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.leave.rulebook.rules.kinds import RULE_TITLES
from services.leave.rules import InsufficientBalance, NotEligible, Overlap
from services.leave.schemas import Plan
from services.people import Actor

BALANCE, ONCE, WHO, COUNTED = "需要额度，不能透支", "同一时间只能请一次假", "谁可以请这种假", "哪些日子计入"
GENDERS = {Gender.FEMALE: "女职工", Gender.MALE: "男职工", None: "未填写"}
FOREVER = 9999


class FigureOut(View):
    """Something the rule looked at."""

    label: str
    value: str


class WhyNotOut(View):
    """The refusal with its rule; all of it empty when the request would be accepted."""

    refusal: str | None
    rule: str = ""
    source: str = ""
    rules_version: int | None = None
    figures: list[FigureOut] = []


def why_not(actor: Actor, plan: Plan) -> WhyNotOut:
    """What would stand against the actor's plan; a few statements more than the preview, when something does."""
    try:
        quote = quotes.quote(actor.person_id, plan, has_proof=True)
    except AppError as refusal:
        return _before_measuring(plan, refusal)
    if quote.refusal is None:
        return WhyNotOut(refusal=None)
    rule, figures = _rule(actor, plan, quote, quote.refusal)
    return _told(quote.refusal, quote.kind, rule, figures)


def _told(refusal: AppError, kind: Kind, rule: str, figures: Iterator[tuple[str, str]]) -> WhyNotOut:
    return WhyNotOut(
        refusal=refusal.title,
        rule=rule,
        source=kind.rules.source,
        rules_version=kind.version,
        figures=[FigureOut(label=label, value=value) for label, value in figures],
    )


def _before_measuring(plan: Plan, refusal: AppError) -> WhyNotOut:
    """A plan that could not be measured: its dates make no sense, or nothing in it is work."""
    row = db.session.execute(select(*VERSION).where(LeaveKind.code == plan.kind)).first()
    if row is None:
        return WhyNotOut(refusal=refusal.title)
    kind = as_of(*row)
    earliest = clock.today() - timedelta(days=kind.rules.backdate_days)
    if plan.first_day < earliest:
        figures = iter([("最早可以从", _day(earliest)), ("您选的开始日期", _day(plan.first_day))])
        return _told(refusal, kind, RULE_TITLES["backdate_days"], figures)
    return _told(refusal, kind, COUNTED, iter([("计算方式", COUNTINGS[kind.rules.counting])]))


def _rule(actor: Actor, plan: Plan, quote: Quote, refusal: AppError) -> tuple[str, Iterator[tuple[str, str]]]:
    if isinstance(refusal, InsufficientBalance):
        return BALANCE, _balance(actor, plan, quote)
    if isinstance(refusal, Overlap):
        return ONCE, _overlap(actor, quote)
    if isinstance(refusal, NotEligible):
        return WHO, _eligible(actor, plan, quote.kind)
    most = quote.kind.rules.max_days
    if most is not None and quote.days > most:
        return RULE_TITLES["max_days"], iter([("最多", f"{most.normalize():f}天"), ("本次", quote.length)])
    return refusal.title, iter([("本次", quote.length)])


def _balance(actor: Actor, plan: Plan, quote: Quote) -> Iterator[tuple[str, str]]:
    """The sum, and each lot with the days it can be used on."""
    yield "本次需要", quote.words(quote.minutes)
    yield "这些日期可用", quote.words(quote.available)
    yield "还差", quote.words(quote.spending.short)
    if quote.uncovered:
        yield "没有可用额度的日子", quotes.uncovered(quote)
    theirs = (LeaveLot.person_id == actor.person_id, LeaveLot.kind_code == plan.kind)
    lots = select(LeaveLot.title, LeaveLot.starts_on, LeaveLot.expires_on, ledger.REST.label("rest"))
    good = lots.where(*theirs, LeaveLot.expires_on >= clock.today()).order_by(LeaveLot.expires_on, LeaveLot.id)
    for row in db.session.execute(good):
        until = "长期有效" if row.expires_on.year == FOREVER else f"{_day(row.expires_on)}到期"
        begins = f"{_day(row.starts_on)}起可用，" if row.starts_on > plan.first_day else ""
        late = "，早于所选日期" if row.expires_on < plan.first_day else ""
        yield row.title, f"剩 {quote.words(int(row.rest))}，{begins}{until}{late}"


def _overlap(actor: Actor, quote: Quote) -> Iterator[tuple[str, str]]:
    """What is taken already on the days asked for."""
    wanted = {portion.day for portion in quote.portions}
    for part in quotes.taken(actor.person_id, quote.portions):
        if part.day in wanted:
            span = f"{schedule.clock_time(part.start)}–{schedule.clock_time(part.end)}"
            yield _day(part.day), f"{part.title} {span}"


def _eligible(actor: Actor, plan: Plan, kind: Kind) -> Iterator[tuple[str, str]]:
    person, asked = people.get(actor.person_id), kind.rules
    if asked.gender:
        yield "限", GENDERS[asked.gender]
        yield "您的档案", GENDERS[Gender(person.gender) if person.gender else None]
    if asked.min_service_months:
        yield "要求", f"入职满 {asked.min_service_months} 个月"
        yield "您的入职日期", _day(person.hired_on) if person.hired_on else "未填写"
        if person.hired_on:
            yield "满足的日期", _day(rules.add_months(person.hired_on, asked.min_service_months))
        yield "您选的开始日期", _day(plan.first_day)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
