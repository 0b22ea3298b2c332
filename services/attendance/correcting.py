"""Correcting a missed punch: a request through approval; approved, it appends a punch and the day is judged again.

The month's quota and the rule "one request for one punch" are held by unique columns, so two requests at once cannot
both have the last of either.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, or_, select, true, update

from kit import clock, pages
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from kit.pages import Page, PageQuery
from models.attendance import Correction, Punch
from models.base import db
from models.enums import ApproverKind, AudienceKind, CorrectionState, Direction, InstanceState, PunchSource
from services import approvals, notices, people, platform
from services.approvals import Approver, Chain, Decided, Node
from services.attendance import facts, rules, settling, words
from services.attendance.rules import Case
from services.attendance.schemas import (
    AskCorrection,
    CorrectionDetail,
    CorrectionOut,
    CorrectionQuery,
    MonthQuery,
    QuotaOut,
)
from services.people import Actor, Permission
from templates_msg import Message

SUBJECT = "correction"
EVIDENCE = "attendance.correction"
NEWEST_FIRST = (Correction.created_at.desc(), Correction.id.desc())
MOST_EXPORTED = 10_000
HELD = (CorrectionState.PENDING, CorrectionState.APPROVED)
STATE_AFTER = {InstanceState.APPROVED: CorrectionState.APPROVED}


class CorrectionRules(BaseModel):
    """How often and how long afterwards a missed punch may be corrected."""

    per_month: int = Field(3, ge=0, le=31, title="每月次数")
    within_days: int = Field(30, ge=1, le=366, title="可补几天以内")


class QuotaUsedUp(Conflict):
    """The month's corrections are used up."""

    code = "attendance.quota_used_up"


SETTING = platform.declare("attendance.corrections", "补卡：每月次数、可补几天以内的打卡", CorrectionRules())

approvals.declare(
    SUBJECT,
    "补卡",
    Chain(nodes=(Node(name="直属上级审批", approvers=(Approver(kind=ApproverKind.SUPERIOR),)),)),
    {},
    may_choose=False,
)


def ask_correction(actor: Actor, wish: AskCorrection) -> CorrectionOut:
    """Asks for a punch to be added.

    `Conflict` when the day lacks no such punch, the time lies outside the day's window or in the future, the day is
    too long ago, the same punch is asked for already, or the month's quota is used up.
    """
    limits = SETTING.get()
    _check_day(wish.day, limits)
    case = facts.cases([actor.person_id], wish.day, wish.day)[actor.person_id, wish.day]
    at = _moment(case, wish)
    if not rules.lacks(rules.judge(case, clock.now()), wish.direction):
        raise Conflict(f"这一天的{words.DIRECTIONS[wish.direction]}打卡没有异常，不需要补卡")
    row = _take(actor, wish, at, limits.per_month)
    _start(actor, row)
    platform.audit.record(actor, "attendance.correction.ask", row["id"], person_id=actor.person_id)
    return _view(Correction(**row), actor.name)


def _check_day(day: date, limits: CorrectionRules) -> None:
    today = clock.today()
    if day > today:
        raise Conflict("还没到这一天，不能补卡")
    if today - day > timedelta(days=limits.within_days):
        raise Conflict(f"只能补 {limits.within_days} 天以内的打卡，更早的请联系人事")


def _moment(case: Case, wish: AskCorrection) -> datetime:
    """The instant of that time of day which lies in the day's window: a night's morning is on the next date."""
    hours, minutes = (int(part) for part in wish.time.split(":"))
    minute = hours * 60 + minutes
    zone = case.duty.zone
    found = [clock.at_local(wish.day, minute + offset, zone) for offset in (0, 1440, -1440)]
    inside = next((at for at in found if case.duty.window.has(at)), None)
    if inside is None:
        window = words.stretch(case.duty.window, wish.day, zone)
        raise Conflict(f"{wish.time} 不在这一天的打卡时段（{window}）内，请检查日期和时间")
    if inside > clock.now():
        raise Conflict("补卡时间还没到，请填写已经过去的时间")
    return inside


def _take(actor: Actor, wish: AskCorrection, at: datetime, quota: int) -> dict[str, Any]:
    """Stores the request together with what it holds: its slot and a number of the month's quota."""
    held = _held(actor.person_id, wish.day.strftime("%Y-%m"))
    slot = f"{wish.day}/{wish.direction}"
    if slot in {row.slot for row in held}:
        raise Conflict("这次打卡已经申请过补卡，请在补卡记录中查看")
    number = rules.free_number((row.number for row in held), wish.day.strftime("%Y-%m"), quota)
    if number is None:
        raise QuotaUsedUp(f"{wish.day.month} 月的补卡次数（{quota} 次）已用完，请联系直属上级或人事")
    row = {
        "id": new_id(),
        "created_at": clock.now(),
        "person_id": actor.person_id,
        "day": wish.day,
        "direction": wish.direction,
        "at": at,
        "reason": wish.reason,
        "evidence_id": platform.files.store(actor.person_id, EVIDENCE, wish.evidence) if wish.evidence else None,
        "state": CorrectionState.PENDING,
        "number": number,
        "slot": slot,
    }
    if not platform.first(Correction, **row):
        raise Conflict("您刚刚提交了另一个补卡申请，请刷新后再试")
    return row


def _held(person_id: str, month: str) -> list[Any]:
    numbers = Correction.number.startswith(f"{month}/")
    columns = select(Correction.slot, Correction.number)
    return list(db.session.execute(columns.where(Correction.person_id == person_id, numbers)))


def _start(actor: Actor, row: dict[str, Any]) -> None:
    said = {
        "applicant": actor.name,
        "day": row["day"],
        "direction": words.DIRECTIONS[row["direction"]],
        "at": row["at"],
        "reason": row["reason"],
        "correction_id": row["id"],
    }
    message = Message("attendance/correction_request", said)
    approvals.start(SUBJECT, row["id"], actor, {}, message, [("原因", row["reason"])])


def withdraw_correction(actor: Actor, correction_id: str) -> None:
    """Takes back a request of mine that nobody has decided; its quota is free again."""
    row = _row(actor, correction_id)
    approvals.withdraw(SUBJECT, row.id, actor)
    _end(row.id, CorrectionState.WITHDRAWN)


def on_decided(event: Decided) -> None:
    """An approval ended: if it was a correction, the punch is appended and the day judged again."""
    if event.subject != SUBJECT:
        return
    row = db.session.get(Correction, event.subject_id)
    assert row is not None
    state = STATE_AFTER.get(event.state, CorrectionState.REJECTED)
    if not _end(row.id, state):
        return
    if state is CorrectionState.APPROVED:
        _append(row)
        settling.settle_days(row.person_id, [row.day])
    _tell(row, state, event.comment)


def _end(correction_id: str, state: CorrectionState) -> bool:
    values: dict[str, Any] = {"state": state, "decided_at": clock.now()}
    if state not in HELD:
        values |= {"number": None, "slot": None}
    ending = update(Correction).where(Correction.id == correction_id, Correction.state == CorrectionState.PENDING)
    return bool(platform.changed(ending.values(**values)))


def _append(row: Correction) -> None:
    platform.first(
        Punch,
        person_id=row.person_id,
        at=row.at,
        direction=row.direction,
        source=PunchSource.CORRECTION,
        nonce=row.id,
        created_at=clock.now(),
    )


def _tell(row: Correction, state: CorrectionState, comment: str) -> None:
    said = {
        "day": row.day,
        "direction": words.DIRECTIONS[Direction(row.direction)],
        "at": row.at,
        "is_approved": state is CorrectionState.APPROVED,
        "comment": comment,
        "correction_id": row.id,
    }
    notices.notify(row.person_id, Message("attendance/correction_decided", said), key=f"correction:{row.id}:{state}")


# ── reading ──


def quota(actor: Actor, query: MonthQuery) -> QuotaOut:
    """How many corrections of the month I have left."""
    month, limit = f"{query.first_day:%Y-%m}", SETTING.get().per_month
    return QuotaOut(month=month, quota=limit, left=max(0, limit - len(_held(actor.person_id, month))))


def my_corrections(actor: Actor, query: PageQuery) -> Page[CorrectionOut]:
    """My requests, newest first."""
    return _page(query, Correction.person_id == actor.person_id)


def correction(actor: Actor, correction_id: str) -> CorrectionDetail:
    """One request with its way through approval: for the applicant, for those asked, and for HR."""
    asked = approvals.detail_of(actor, SUBJECT, correction_id)
    row = db.session.get_one(Correction, correction_id)
    is_mine = row.person_id == actor.person_id
    return CorrectionDetail(
        **dict(_view(row, asked.applicant)),
        instance_id=asked.id,
        history=asked.history,
        may_withdraw=is_mine and row.state == CorrectionState.PENDING,
        may_decide=asked.my_task_id is not None,
    )


def corrections(actor: Actor, query: CorrectionQuery) -> Page[CorrectionOut]:
    """The requests of the people whose attendance I may see, newest first."""
    return _page(query, and_(*_filters(actor, query)))


def export_corrections(actor: Actor, query: CorrectionQuery) -> list[CorrectionOut]:
    """The whole filtered list, newest first, at most ten thousand; `Invalid` beyond that."""
    wanted = select(Correction).where(*_filters(actor, query)).order_by(*NEWEST_FIRST)
    rows = list(db.session.scalars(wanted.limit(MOST_EXPORTED + 1)))
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 条，请按部门或状态筛选后再导出")
    platform.audit.record(actor, "attendance.correction.export", "attendance_correction", after={"rows": len(rows)})
    return _views(rows)


def _filters(actor: Actor, query: CorrectionQuery) -> list[ColumnElement[bool]]:
    actor.require(Permission.ATTENDANCE_BOARD_READ)
    found: list[ColumnElement[bool]] = [
        Correction.person_id.in_(people.within(actor, Permission.ATTENDANCE_BOARD_READ))
    ]
    if query.state:
        found.append(Correction.state == query.state)
    if query.department:
        found.append(Correction.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department)))
    return found


def evidence(actor: Actor, correction_id: str) -> platform.files.File:
    """The evidence of a request, for whoever may see the request; somebody else's is an audited look."""
    approvals.detail_of(actor, SUBJECT, correction_id)
    row = db.session.get_one(Correction, correction_id)
    if row.evidence_id is None:
        raise NotFound("这个补卡申请没有附件")
    if row.person_id != actor.person_id:
        platform.audit.record(actor, "attendance.evidence.read", row.id, person_id=row.person_id)
    return platform.files.fetch(row.evidence_id, EVIDENCE)


def _row(actor: Actor, correction_id: str) -> Correction:
    mine = select(Correction).where(Correction.id == correction_id, Correction.person_id == actor.person_id)
    row = db.session.scalars(mine).first()
    if row is None:
        raise NotFound()
    return row


def _page(query: PageQuery, condition: ColumnElement[bool]) -> Page[CorrectionOut]:
    wanted = select(Correction).where(condition, _after(query.cursor))
    rows = list(db.session.scalars(wanted.order_by(*NEWEST_FIRST).limit(query.limit + 1)))
    cut = pages.cut(rows, query.limit, lambda row: [row.id])
    return Page(items=_views(cut.rows), next_cursor=cut.next_cursor)


def _views(rows: Sequence[Correction]) -> list[CorrectionOut]:
    names = people.many([row.person_id for row in rows])
    return [_view(row, names[row.person_id].name) for row in rows]


def _after(cursor: str | None) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    (last,) = pages.decode(cursor, str)
    at = select(Correction.created_at).where(Correction.id == last).scalar_subquery()
    return or_(Correction.created_at < at, and_(Correction.created_at == at, Correction.id < last))


def _view(row: Correction, name: str) -> CorrectionOut:
    return CorrectionOut(
        id=row.id,
        person_id=row.person_id,
        name=name,
        day=row.day,
        direction=Direction(row.direction),
        at=row.at,
        reason=row.reason,
        state=CorrectionState(row.state),
        title=words.CORRECTIONS[CorrectionState(row.state)],
        has_evidence=row.evidence_id is not None,
        created_at=row.created_at,
        decided_at=row.decided_at,
    )
