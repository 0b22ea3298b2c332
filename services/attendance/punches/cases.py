"""Cases: punches that somebody should look at again. Who they are about sees them and may answer; a manager or HR
closes them with a reason. Closing changes no verdict: what follows is for people to do (a correction, a talk)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update

from kit import clock, pages
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from kit.pages import Page, PageQuery
from models.attendance_punches import ReviewCase
from models.base import db
from models.enums import AudienceKind, CaseState, SignalKind
from services import people, platform
from services.attendance.punches import words
from services.attendance.punches.rules import Signal
from services.attendance.punches.schemas import AnswerCase, CaseOut, CaseQuery, DecideCase
from services.people import Actor, Permission, PersonView

NEWEST_FIRST = (ReviewCase.created_at.desc(), ReviewCase.id.desc())


def open_cases(signals: Iterable[Signal]) -> int:
    """Opens a case for each signal that has none yet; the count of new ones."""
    now = clock.now()
    return platform.first_of_many(
        ReviewCase,
        [
            {
                "id": new_id(),
                "created_at": now,
                "person_id": one.person_id,
                "kind": one.kind,
                "key": one.key,
                "day": one.day,
                "facts": one.facts,
                "state": CaseState.OPEN,
            }
            for one in signals
        ],
    )


def my_cases(actor: Actor, query: PageQuery) -> Page[CaseOut]:
    """The cases about me, newest first; whoever else is in them is not named."""
    return _page(actor, query, ReviewCase.person_id == actor.person_id, is_mine=True)


def count_open(actor: Actor) -> int:
    """How many cases about me are open."""
    mine = and_(ReviewCase.person_id == actor.person_id, ReviewCase.state == CaseState.OPEN)
    return db.session.scalar(select(func.count()).select_from(ReviewCase).where(mine)) or 0


def answer(actor: Actor, case_id: str, wish: AnswerCase) -> None:
    """Says what I have to say to a case about me, while it is open; the last answer counts."""
    mine = and_(ReviewCase.id == case_id, ReviewCase.person_id == actor.person_id)
    if db.session.scalar(select(ReviewCase.id).where(mine)) is None:
        raise NotFound()
    saying = update(ReviewCase).where(mine, ReviewCase.state == CaseState.OPEN)
    if not platform.changed(saying.values(answer=wish.answer, answered_at=clock.now())):
        raise Conflict("已经有结论，不能再补充说明；如有异议请联系人事")
    platform.audit.record(actor, "attendance.case.answer", case_id, person_id=actor.person_id)


def cases(actor: Actor, query: CaseQuery) -> Page[CaseOut]:
    """The cases of the people whose punches I may review, newest first."""
    actor.require(Permission.ATTENDANCE_PUNCH_REVIEW)
    return _page(actor, query, and_(*_filters(actor, query)))


def _filters(actor: Actor, query: CaseQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_theirs(actor)]
    if query.state:
        found.append(ReviewCase.state == query.state)
    if query.kind:
        found.append(ReviewCase.kind == query.kind)
    if query.department:
        found.append(ReviewCase.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department)))
    return found


def _theirs(actor: Actor) -> ColumnElement[bool]:
    return ReviewCase.person_id.in_(people.within(actor, Permission.ATTENDANCE_PUNCH_REVIEW))


def decide(actor: Actor, case_id: str, wish: DecideCase) -> None:
    """Closes a case with a reason. Nobody closes one about themselves; of two who close it one is told it is closed."""
    actor.require(Permission.ATTENDANCE_PUNCH_REVIEW)
    found = db.session.execute(select(ReviewCase.person_id).where(ReviewCase.id == case_id, _theirs(actor))).first()
    if found is None or found.person_id == actor.person_id:
        raise NotFound("没有这条待核实的记录，或它与您本人有关，应由他人处理")
    state = CaseState.CONFIRMED if wish.is_confirmed else CaseState.CLEARED
    values = {"note": wish.note, "decided_by": actor.person_id, "decided_at": clock.now()}
    if not platform.moved(ReviewCase, case_id, CaseState.OPEN, state=state, **values):
        raise Conflict("这条记录已有人处理，请刷新后查看")
    after = {"state": state, "note": wish.note}
    platform.audit.record(actor, "attendance.case.decide", case_id, person_id=found.person_id, after=after)


def _page(actor: Actor, query: PageQuery, condition: ColumnElement[bool], *, is_mine: bool = False) -> Page[CaseOut]:
    wanted = select(ReviewCase).where(condition, _after(query.cursor)).order_by(*NEWEST_FIRST)
    rows = list(db.session.scalars(wanted.limit(query.limit + 1)))
    cut = pages.cut(rows, query.limit, lambda row: [row.id])
    return Page(items=_views(actor, cut.rows, is_mine=is_mine), next_cursor=cut.next_cursor)


def _after(cursor: str | None) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    (last,) = pages.decode(cursor, str)
    at = select(ReviewCase.created_at).where(ReviewCase.id == last).scalar_subquery()
    return or_(ReviewCase.created_at < at, and_(ReviewCase.created_at == at, ReviewCase.id < last))


def _views(actor: Actor, rows: Sequence[ReviewCase], *, is_mine: bool) -> list[CaseOut]:
    others = [] if is_mine else [row.facts["other_id"] for row in rows if "other_id" in row.facts]
    known = people.many([*(row.person_id for row in rows), *others])
    return [_view(actor, row, known) for row in rows]


def _view(actor: Actor, row: ReviewCase, known: dict[str, PersonView]) -> CaseOut:
    kind, state, is_mine = SignalKind(row.kind), CaseState(row.state), row.person_id == actor.person_id
    other: Any = None if is_mine else known.get(row.facts.get("other_id", ""))
    return CaseOut(
        id=row.id,
        person_id=row.person_id,
        name=known[row.person_id].name,
        kind=kind,
        kind_title=words.KINDS[kind],
        day=row.day,
        sentence=words.sentence(kind, dict(row.facts), other.name if other else ""),
        state=state,
        title=words.CASES[state],
        answer=row.answer,
        answered_at=row.answered_at,
        note=row.note,
        created_at=row.created_at,
        may_decide=state is CaseState.OPEN and not is_mine,
    )
