"""Taking a punch: the server's clock is the authority; what the phone says is a claim; a retry is the same punch."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Invalid
from models.attendance import Punch as Row
from models.base import db
from models.enums import Direction, PunchSource, Verdict
from services import platform
from services.attendance import facts, rules, words
from services.attendance.punches import fields
from services.attendance.punches import rules as punch_rules
from services.attendance.punches.placing import Stand, stand
from services.attendance.punches.schemas import Punch, PunchOut
from services.attendance.rules import Case, Result
from services.people import Actor


def punch(actor: Actor, wish: Punch, source: PunchSource) -> PunchOut:
    """Records a punch of now and says what it means for the day; `source` is the surface by which it came.

    Nothing is stored unless the person is at a place of theirs, in the field, or on an agreed remote day. The same act
    sent again (its `nonce`, or the same direction within a second) changes nothing and hears the same answer.
    """
    row = _row(actor, wish, stand(actor, wish, source))
    is_new = platform.first(Row, **row)
    if is_new and row["source"] is PunchSource.FIELD:
        fields.report(actor, wish, row["at"])
    return _answer(actor, row["at"] if is_new else _first_time(row), wish.direction)


def _row(actor: Actor, wish: Punch, here: Stand) -> dict[str, Any]:
    return {
        "person_id": actor.person_id,
        "at": clock.now().replace(microsecond=0),
        "direction": wish.direction,
        "source": here.source,
        "nonce": wish.nonce,
        "place_id": here.place_id,
        "distance_m": here.distance_m,
        "accuracy_m": here.accuracy_m,
        "device": device_key(wish.device),
        "spot": here.spot,
        "wifi": punch_rules.bssid(wish.wifi or ""),
        "beacon_step": here.beacon_step,
        "is_mocked": wish.is_mocked,
        "created_at": clock.now(),
    }


def device_key(name: str | None) -> str:
    """What is kept of a client's name for itself: enough to know it again, not to find it elsewhere."""
    return platform.vault.sealer().fingerprint("attendance.device", name) if name else ""


def _first_time(row: dict[str, Any]) -> datetime:
    """When the punch of which this is a repeat was made: under the same nonce, else within the same second."""
    known = select(Row.at, Row.direction).where(Row.person_id == row["person_id"], Row.nonce == row["nonce"])
    before = db.session.execute(known).first() if row["nonce"] else None  # no name is the name of no other punch
    if before is not None and before.direction != row["direction"]:
        raise Invalid("这个操作编号已用于另一次打卡，请刷新后重新打卡")
    at: datetime = before.at if before is not None else row["at"]
    return at


def _answer(actor: Actor, at: datetime, direction: Direction) -> PunchOut:
    case = facts.case_at(actor.person_id, at)
    result = rules.judge(case, clock.now())
    if not _is_fine(case, result):
        case = facts.with_leave(actor.person_id, case)
        result = rules.judge(case, clock.now())
    mark = next(mark for mark in case.marks if mark.at == at and mark.direction is direction)
    return PunchOut(
        day=case.duty.day,
        at=at,
        direction=direction,
        place=mark.where,
        sentence=_meaning(case, result, direction),
        verdicts=list(result.verdicts),
        next=rules.suggest(case.marks),
    )


def _is_fine(case: Case, result: Result) -> bool:
    """Would leave, if there is any, change nothing in what we say? Nobody is late and nobody left before the end."""
    leaves_early = bool(case.duty.spans and result.last_out and result.last_out < case.duty.spans[-1].end)
    return not leaves_early and Verdict.LATE not in result.verdicts


def _meaning(case: Case, result: Result, direction: Direction) -> str:
    if not result.expected:
        return (
            f"已打卡。{words.plan(case)}"
            if not case.duty.spans
            else f"已打卡。您今天{words.title(result.verdicts)}，不需要打卡。"
        )
    return words.arrival(case, result) if direction is Direction.IN else words.departure(case, result)
