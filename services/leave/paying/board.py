"""The month of leave in pay as HR and payroll see it: a list, a file, and the close by which payroll takes it over."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import func, select, update

from kit import clock
from kit.errors import Conflict, Forbidden, Invalid
from kit.pages import LARGEST_LIMIT, Page, PageQuery
from kit.schema import Identifier, View, Wish
from models.leave_pay import LeavePayClose, LeavePayEntry, LeavePayPosting
from services import people, platform
from services.leave.answers import reports
from services.leave.answers.calendar import Month
from services.leave.paying import lines, months, settled
from services.leave.paying.lines import PayLine
from services.leave.paying.months import GATE, Closed
from services.leave.paying.rules.moves import following
from services.leave.rulebook import catalog
from services.people import Actor, Permission

MOST_EXPORTED = 10_000
PART = 500


def _this_month() -> str:
    return f"{clock.today():%Y-%m}"


class BoardQuery(PageQuery):
    """Which month, of one department (with all below) if it is named; so many people on a page."""

    month: Month = Field(default_factory=_this_month)
    department_id: Identifier | None = None
    limit: int = Field(50, ge=1, le=LARGEST_LIMIT)
    format: Literal["csv", "xlsx"] | None = None

    @property
    def first_day(self) -> date:
        return _first(self.month)


class Close(Wish):
    """Takes a month over into pay; `seen` is what the page showed of it."""

    month: Month
    seen: Annotated[str, Field(max_length=64)]


class BoardLine(View):
    """A line with whose it is."""

    person_name: str
    department: str
    kind_name: str
    line: PayLine


class MonthState(View):
    """Whether a month is closed, or can be; `seen` tells its content from any other."""

    month: str
    is_closed: bool
    may_close: bool
    through: str | None
    seen: str


def listing(actor: Actor, query: BoardQuery) -> Page[BoardLine]:
    """The lines of a month within reach, so many people at a time; the statements do not grow with them."""
    closed = months.known()
    page = _people(actor, query, closed).page(query)
    return Page(items=_lines(query, [row.id for row in page.rows], closed), next_cursor=page.next_cursor)


def exported(actor: Actor, query: BoardQuery) -> list[BoardLine]:
    """All of them, for a file; an audited act."""
    closed = months.known()
    ids = [row.id for row in _people(actor, query, closed).first(MOST_EXPORTED)]
    found = [one for at in range(0, len(ids), PART) for one in _lines(query, ids[at : at + PART], closed)]
    after = {"month": query.month, "department_id": query.department_id, "rows": len(found)}
    platform.audit.record(actor, "leave.pay.export", "leave_pay_entry", after=after)
    return found


def _people(actor: Actor, query: BoardQuery, closed: Closed) -> platform.keyset.Listing:
    actor.require(Permission.LEAVE_PAY_READ)
    reach = reports.inside(people.within(actor, Permission.LEAVE_PAY_READ), query.department_id)
    who = lines.concerned(reach, query.first_day, closed)
    (column,) = who.selected_columns
    return platform.keyset.Listing(who, platform.keyset.Order(column, str, column), is_down=False)


def _lines(query: BoardQuery, ids: Sequence[str], closed: Closed) -> list[BoardLine]:
    known, names = people.many(ids), {kind.code: kind.name for kind in catalog.all_kinds()}
    return [
        BoardLine(
            person_name=known[one.person_id].name,
            department=known[one.person_id].department_name,
            kind_name=names[one.kind_code],
            line=one,
        )
        for one in lines.of_people(query.first_day, ids, closed)
    ]


def state(actor: Actor, month: str) -> MonthState:
    """How far pay has come with a month."""
    actor.require(Permission.LEAVE_PAY_READ)
    closed, first = months.known(), _first(month)
    may = people.covers_all(actor, Permission.LEAVE_PAY_CLOSE) and _refusal(first, closed) is None
    through = f"{closed.through:%Y-%m}" if closed.through else None
    is_closed = closed.has(first)
    return MonthState(month=month, is_closed=is_closed, may_close=may, through=through, seen=_seen(first, closed))


def close(actor: Actor, wish: Close) -> None:
    """Closes a month: what is granted or taken back afterwards of its days belongs to the next one.

    `Conflict` when its content is no longer what was seen, or when it is not the next to be closed.
    """
    if not people.covers_all(actor, Permission.LEAVE_PAY_CLOSE):
        raise Forbidden("只有负责全公司薪酬的人员可以结算月份")
    first, closed = _first(wish.month), months.held(alone=True)
    if said := _refusal(first, closed):
        raise Conflict(said)
    if wish.seen != _seen(first, closed):
        raise Conflict("本月的内容刚刚变了，请刷新核对后再结算")
    _post(first, closed)
    gate = update(LeavePayClose).where(LeavePayClose.key == GATE)
    platform.changed(gate.values(first=closed.first or first, through=first))
    platform.audit.record(actor, "leave.pay.close", wish.month, after={"seen": wish.seen})


def _refusal(first: date, closed: Closed) -> str | None:
    if closed.has(first):
        return "这个月已经结算"
    if first > clock.today():
        return "这个月还没有开始，不能结算"
    if closed.through and first != following(closed.through):
        return f"请先结算 {following(closed.through):%Y-%m}"
    return None


def _post(first: date, closed: Closed) -> None:
    common = {"month": first, "created_at": clock.now()}
    rows = [
        common | {"settlement_id": row.id, "person_id": row.person_id, "hundredths": int(row.hundredths)}
        for row in platform.rows(settled.due(first, closed))
    ]
    for at in range(0, len(rows), PART):
        platform.add_many(LeavePayPosting, rows[at : at + PART])


def _seen(first: date, closed: Closed) -> str:
    """Changes with any entry of the month and any settlement that falls into it."""
    entries = select(func.count(), func.coalesce(func.max(LeavePayEntry.seq), 0))
    owed = settled.due(first, closed).subquery()
    sums = select(func.count(), func.coalesce(func.sum(owed.c.hundredths), 0)).select_from(owed)
    found = [*platform.rows(entries.where(LeavePayEntry.month == first))[0], *platform.rows(sums)[0]]
    return "-".join(str(int(one)) for one in found)


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:  # the pattern allows no other
        raise Invalid("请选择月份") from None
