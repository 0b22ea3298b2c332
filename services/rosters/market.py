"""Shifts given to colleagues: offered, taken by one who may, agreed to by the superior where the rules ask for it.

Of any number of takers one gets it: the offer is taken by a conditional UPDATE, while the roster's row is held, so that
what was checked still is true when it is written. A colleague may take a shift if no rule of a person and no minimum
is met less than before.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from models.base import db
from models.enums import ApproverKind, InstanceState, OfferState
from models.rosters import Roster, RosterCell, ShiftOffer
from services import approvals, notices, people, platform, schedule
from services.approvals import Approver, Chain, Decided, Node
from services.people import Actor
from services.rosters import access, boards, keeping, planning, rules
from services.rosters.planning import Said
from services.rosters.rules import Board, Place
from services.rosters.rules.gaps import said
from services.rosters.schemas import MyRoster, OfferView, OfferWish, RosterDayView
from services.schedule import Shift
from templates_msg import Message

SUBJECT = "shift_offer"
AHEAD = timedelta(days=27)
Named = schedule.rostered.Named
GONE = "这个班刚被别人接走或收回了，请刷新"

approvals.declare(
    SUBJECT,
    "接班",
    Chain(nodes=(Node(name="直属上级审批", approvers=(Approver(kind=ApproverKind.SUPERIOR),)),)),
    {},
    may_choose=False,
)


def mine(actor: Actor) -> MyRoster:
    """My next four weeks, what I offer, and what colleagues offer that I may take."""
    today = clock.today()
    plans = schedule.days([actor.person_id], today, today + AHEAD)
    held = {place for place in _rostered(actor.person_id, today)}
    own = _offers(ShiftOffer.person_id == actor.person_id)
    slots = {one.slot for one in own if one.slot}
    days = [
        RosterDayView(
            day=one.day,
            shift=one.shift.name if one.is_working else planning.REST,
            hours=schedule.hours(one.shift) if one.is_working else "",
            is_rest=not one.is_working,
            may_offer=one.is_working and one.day in held and f"{actor.person_id}/{one.day}" not in slots,
        )
        for one in plans.values()
    ]
    return MyRoster(days=days, mine=_views(own), open=_views(_takeable(actor)))


def _rostered(person_id: str, since: date) -> set[date]:
    """The days to come that a published roster names for this person, tomorrow the first, but for decisions."""
    named = schedule.rostered.named([person_id], since + timedelta(days=1), since + AHEAD)
    return {day for _, day in named.keys() - schedule.taken(named)}


def offer(actor: Actor, wish: OfferWish) -> str:
    """Offers my shift of a day to come; the offer's id. `Conflict` unless a published roster gives it to me."""
    if wish.day not in _rostered(actor.person_id, clock.today()):
        raise Conflict("只能转让明天起、已发布排班里的班次")
    plan, row = schedule.day(actor.person_id, wish.day), _roster_of(actor.person_id, wish.day)
    if not plan.is_working or row is None:
        raise Conflict("这一天您不上班，没有可以转让的班次")
    values = {"id": new_id(), "created_at": clock.now(), "state": OfferState.OPEN, "person_id": actor.person_id}
    values |= {"department_id": row.department_id, "day": wish.day, "shift_id": plan.shift.id, "note": wish.note}
    free = {"slot": f"{actor.person_id}/{wish.day}", "wanted_day": None, "taker_id": None, "ended_at": None}
    if not platform.first(ShiftOffer, **values, **free):
        raise Conflict("这一天的班次已经在转让")
    platform.audit.record(actor, "rosters.offer.make", str(values["id"]), person_id=actor.person_id)
    return str(values["id"])


def withdraw(actor: Actor, offer_id: str) -> None:
    """Takes an offer back that nobody has taken."""
    row = db.session.get(ShiftOffer, offer_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound()
    if not _move(row, OfferState.OPEN, state=OfferState.WITHDRAWN, slot=None, ended_at=clock.now()):
        raise Conflict("已经有人接了，不能收回")
    platform.audit.record(actor, "rosters.offer.withdraw", row.id, person_id=actor.person_id)


def take(actor: Actor, offer_id: str) -> OfferState:
    """Takes a colleague's shift, at once or when the superior agrees. `Conflict` says which rule stands in the way."""
    row = db.session.get(ShiftOffer, offer_id)
    if row is None or actor.person_id not in {one.id for one in access.members(row.department_id)}:
        raise NotFound()
    _hold(row)
    if row.day <= clock.today() or row.person_id == actor.person_id:
        raise Conflict(GONE)
    _check(row, actor.person_id)
    waits = keeping.of_department(row.department_id).offers_need_approval
    state = OfferState.TAKEN if waits else OfferState.DONE
    if not _move(row, OfferState.OPEN, state=state, taker_id=actor.person_id, ended_at=clock.now()):
        raise Conflict(GONE)
    platform.audit.record(actor, "rosters.offer.take", row.id, person_id=row.person_id)
    if waits:
        _ask(actor, row)
    else:
        _carry_out(row, actor.person_id)
    return state


def _ask(actor: Actor, row: ShiftOffer) -> None:
    giver, shift = people.get(row.person_id).name, schedule.known([row.shift_id])[row.shift_id]
    rows = [("日期", said(row.day)), ("班次", f"{shift.name} {schedule.hours(shift)}"), ("原来是", giver)]
    card = {"applicant": actor.name, "subject": "接班", "title": f"{actor.name}接{giver}{said(row.day)}的{shift.name}",
            "rows": rows, "link": "/h5/approvals"}  # fmt: skip
    approvals.start(SUBJECT, row.id, actor, {}, Message("approvals/request", card), rows)


def on_decided(event: Decided) -> None:
    """The superior has decided: the shift goes over, or is on offer again."""
    if event.subject != SUBJECT:
        return
    row = db.session.get_one(ShiftOffer, event.subject_id)
    taker_id, agrees = str(row.taker_id), event.state is InstanceState.APPROVED
    _hold(row)
    if agrees:
        _check(row, taker_id)
        if _move(row, OfferState.TAKEN, state=OfferState.DONE, ended_at=clock.now()):
            _carry_out(row, taker_id)
    elif _move(row, OfferState.TAKEN, state=OfferState.OPEN, taker_id=None, ended_at=None):
        _tell(row, taker_id, [taker_id], is_done=False)


def _move(row: ShiftOffer, was: OfferState, **values: object) -> bool:
    return bool(
        platform.changed(update(ShiftOffer).where(ShiftOffer.id == row.id, ShiftOffer.state == was).values(**values))
    )


def _hold(row: ShiftOffer) -> None:
    """Holds the roster of the offered day until the transaction ends."""
    roster = _roster_of(row.person_id, row.day)
    if roster is None:
        raise Conflict(GONE)
    db.session.execute(select(Roster.id).where(Roster.id == roster.id).with_for_update())


def _roster_of(person_id: str, day: date) -> Roster | None:
    """The roster that names this day of a person, once published."""
    theirs = (RosterCell.person_id == person_id, RosterCell.day == day, Roster.published_at.is_not(None))
    found = select(Roster).join(RosterCell, RosterCell.roster_id == Roster.id).where(*theirs)
    return db.session.scalars(found.order_by(Roster.published_at.desc()).limit(1)).first()


# ── who may take it ──


def _takeable(actor: Actor) -> list[ShiftOffer]:
    """The offers of my colleagues that I may take."""
    homes = people.lineages([actor.person_id]).get(actor.person_id, ())
    near = _offers(ShiftOffer.department_id.in_(homes), ShiftOffer.person_id != actor.person_id,
                   ShiftOffer.state == OfferState.OPEN)  # fmt: skip
    boarded = {one: _board(one, near) for one in {row.department_id for row in near}}
    return [row for row in near if not _objection(boarded[row.department_id], row, actor.person_id)]


def _board(department_id: str, offers: Sequence[ShiftOffer]) -> Board:
    days = [row.day for row in offers if row.department_id == department_id]
    ids = [one.id for one in access.members(department_id)]
    return boards.over(ids, min(days), max(days), department_id, {})


def _check(row: ShiftOffer, taker_id: str) -> None:
    if objection := _objection(_board(row.department_id, [row]), row, taker_id):
        raise Conflict(objection)


def _objection(board: Board, row: ShiftOffer, taker_id: str) -> str:
    """Why this person may not take the shift; nothing when they may."""
    mine, shift = (taker_id, row.day), board.plan.get((row.person_id, row.day))
    if shift is None or shift.id != row.shift_id or mine not in board.plan:
        return GONE
    if board.plan[mine] is not None:
        return f"{said(row.day)}您自己有班，不能再接"
    return _worse(board, {mine: shift, (row.person_id, row.day): None}, taker_id)


def _worse(board: Board, changes: dict[Place, Shift | None], taker_id: str) -> str:
    """The first rule that is met less after these changes, in words."""
    after = boards.changed(board, changes)
    known = {(gap.rule, gap.day) for gap in rules.gaps(board) if gap.person_id == taker_id}
    fresh = [gap for gap in rules.gaps(after) if gap.person_id == taker_id and (gap.rule, gap.day) not in known]
    if fresh:
        return f"接了以后不符合排班规则：{fresh[0].words}"
    had = {(day, one.id): have for day, one, have in rules.present(board)}
    for day, one, have in rules.present(after):
        if have < min(one.at_least, had[day, one.id]):
            return f"接了以后{said(day)}人手不够，这个班要有相应的技能"
    return ""


# ── the shift goes over ──


def _carry_out(row: ShiftOffer, taker_id: str) -> None:
    """The giver rests, the taker works: in what is in force and in the roster's grid, in one transaction."""
    roster = _roster_of(row.person_id, row.day)
    assert roster is not None  # it is held
    now = {(row.person_id, row.day): None, (taker_id, row.day): row.shift_id}
    schedule.rostered.put(roster.id, [Named(*place, shift_id) for place, shift_id in now.items()])
    planning.replace(roster.id, [Said(*place, shift_id) for place, shift_id in now.items()])
    _tell(row, taker_id, [row.person_id, taker_id], is_done=True)


def _tell(row: ShiftOffer, taker_id: str, whom: list[str], *, is_done: bool) -> None:
    names = people.many([row.person_id, taker_id])
    shift = schedule.known([row.shift_id])[row.shift_id].name
    told = {"giver": names[row.person_id].name, "taker": names[taker_id].name, "day": row.day, "shift": shift}
    key = f"offer:{row.id}:{taker_id}:{is_done}:{clock.now().timestamp()}"
    notices.notify(whom, Message("rosters/taken", {**told, "is_done": is_done}), key=key)


# ── reading ──


def _offers(*conditions: object) -> list[ShiftOffer]:
    wanted = select(ShiftOffer).where(*conditions, ShiftOffer.day >= clock.today())  # type: ignore[arg-type]
    ordered = wanted.order_by(ShiftOffer.day, ShiftOffer.id).limit(100)
    return list(db.session.scalars(ordered, execution_options={"populate_existing": True}))


def _views(rows: Sequence[ShiftOffer]) -> list[OfferView]:
    names = people.many({who for row in rows for who in (row.person_id, row.taker_id) if who})
    known = schedule.known(row.shift_id for row in rows)
    return [
        OfferView(
            id=row.id,
            day=row.day,
            shift=known[row.shift_id].name,
            hours=schedule.hours(known[row.shift_id]),
            giver=names[row.person_id].name,
            taker=names[row.taker_id].name if row.taker_id else "",
            note=row.note,
            state=OfferState(row.state),
        )
        for row in rows
    ]
