"""WeCom's own check-ins, read in overlapping windows and kept as punches.

A pull is a chain of promises kept outside, a hundred people each (WeCom's limit); what it answers is stored in the
transaction that settles the promise, together with the next. Each pull reads the last three days again, for WeCom
corrects its records: a row once seen adds nothing, a corrected one is a new fact beside the old. Nothing is changed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select, update

from kit import clock
from kit.ids import new_id
from kit.text import clip, plain
from models.attendance import Punch
from models.attendance_punches import CheckinPull
from models.base import db
from models.enums import Direction, PunchSource, SignalKind
from services import people, platform
from services.attendance import settling
from services.attendance.punches import cases, fields, machines, rules
from services.attendance.punches.rules import Signal
from services.attendance.punches.schemas import PullsOut
from services.attendance.punches.taking import device_key
from services.people import Actor, Permission

READ = "attendance.read_checkins"
CHUNK = 100
OVERLAP, LONGEST = timedelta(days=3), timedelta(days=30)
SLOT = "running"
STUCK = timedelta(hours=6)
TERMS = platform.Terms(priority=platform.BULK)
FIELD_PLACE = "企业微信外出打卡"

Payload = dict[str, Any]


class Checkins(BaseModel):
    """Whether the punches made in WeCom's own check-in count here."""

    is_on: bool = Field(False, title="读取企业微信打卡")


SETTING = platform.declare("attendance.checkins", "企业微信打卡：是否读取并计入考勤", Checkins())


def pull(payload: Payload) -> None:
    """The job: begins to read where the last reading ended, three days before it; not while another one goes on."""
    if not SETTING.get().is_on:
        return
    until = datetime.fromisoformat(payload["slot"])
    stale = update(CheckinPull).where(CheckinPull.slot == SLOT, CheckinPull.created_at < until - STUCK)
    platform.changed(stale.values(slot=None, ended_at=clock.now(), problem="上一次读取中断了"))
    pull_id = new_id()
    row = {"id": pull_id, "created_at": clock.now(), "since": _since(until), "until": until, "slot": SLOT}
    if platform.first(CheckinPull, **row, asked=0, kept=0):
        _go_on(pull_id, "")


def _since(until: datetime) -> datetime:
    finished = select(CheckinPull.until).where(CheckinPull.ended_at.is_not(None), CheckinPull.problem.is_(None))
    last = db.session.scalar(finished.order_by(CheckinPull.created_at.desc()).limit(1))
    return max((last or until) - OVERLAP, until - LONGEST)


def _go_on(pull_id: str, after: str) -> None:
    platform.promise(READ, {"pull": pull_id, "after": after}, dedupe_key=f"{READ}:{pull_id}:{after}", terms=TERMS)


class Asked(BaseModel):
    """What to ask WeCom for: these people (userid → person id), from `since` to `until`."""

    people: dict[str, str]
    since: datetime
    until: datetime


def to_ask(payload: Payload) -> Asked | None:
    """The next hundred people of a pull; nothing at its end, or when it is over."""
    row = db.session.get(CheckinPull, payload["pull"])
    ids = settling.after(payload["after"], CHUNK) if row is not None and row.slot == SLOT else []
    if row is None or not ids:
        return None
    known = people.many(ids)
    return Asked(people={known[each].userid: each for each in ids}, since=row.since, until=row.until)


def heard(payload: Payload, answer: Payload) -> None:
    """Keeps what WeCom told of these people, judges their days again, and goes on after the last of them."""
    row = db.session.scalars(select(CheckinPull).where(CheckinPull.id == payload["pull"]).with_for_update()).first()
    if row is None or row.slot != SLOT:
        return
    asked: dict[str, str] = answer["asked"]
    if not asked:
        row.slot, row.ended_at = None, clock.now()
        return
    row.asked, row.kept = row.asked + len(asked), row.kept + keep(asked, answer["rows"])
    _go_on(row.id, max(asked.values()))


def failed(payload: Payload, reason: str) -> None:
    """WeCom refused for good: the pull ends and says why; what it kept stays."""
    ending = update(CheckinPull).where(CheckinPull.id == payload["pull"], CheckinPull.slot == SLOT)
    platform.changed(ending.values(slot=None, ended_at=clock.now(), problem=clip(reason, 300)))


def pulls(actor: Actor) -> list[PullsOut]:
    """The last ten pulls, for HR."""
    actor.require(Permission.ATTENDANCE_PUNCH_IMPORT)
    newest = select(CheckinPull).order_by(CheckinPull.created_at.desc(), CheckinPull.id.desc()).limit(10)
    return [PullsOut.model_validate(row) for row in db.session.scalars(newest)]


# ── what a row becomes ──


def keep(asked: dict[str, str], rows: Sequence[Payload]) -> int:
    """Keeps the rows of those who were asked for as punches; the count of new ones.

    A row about anybody else is left: WeCom answers what it was asked, and so does whoever pretends to be it.
    """
    theirs = {userid.lower(): person_id for userid, person_id in asked.items()}
    told = [(theirs[row["userid"].lower()], row) for row in rows if row["userid"].lower() in theirs]
    facts = _directed([(person_id, row) for person_id, row in told if _at(row) <= clock.now()])
    new = platform.first_of_many(Punch, facts)
    _reports(told, facts)
    cases.open_cases(_odd(person_id, row) for person_id, row in told if rules.is_odd(row["exception_type"]))
    if new:
        days = [clock.local(fact["at"]).date() for fact in facts]
        ids = sorted({fact["person_id"] for fact in facts})
        settling.settle_people(ids, min(days) - timedelta(days=1), max(days))
    return new


def _directed(told: Sequence[tuple[str, Payload]]) -> list[Payload]:
    """The punches behind the rows, each once; which way an outside punch went follows from the plan."""
    meant = [(who, row, rules.meaning(row["checkin_type"], row["exception_type"])) for who, row in told]
    made = [(who, row, one) for who, row, one in meant if one is not None]
    ways = machines.by_plan((who, _at(row)) for who, row, one in made if one.direction is None)
    facts = [_fact(who, row, one.source, one.direction or ways[who, _at(row)]) for who, row, one in made]
    return list({(fact["person_id"], fact["nonce"]): fact for fact in facts}.values())


def _fact(person_id: str, row: Payload, source: PunchSource, way: Direction) -> Payload:
    at = _at(row)
    kind = way if source is PunchSource.WECOM else "field"
    return {
        "person_id": person_id,
        "at": at,
        "direction": way,
        "source": source,
        "device": device_key(row["deviceid"]),
        "spot": clip(plain(row["location_title"] or ""), 100) or (FIELD_PLACE if source is PunchSource.FIELD else None),
        "wifi": rules.bssid(row["wifimac"] or ""),
        "is_mocked": False,
        # WeCom names no punch: who, when and what kind is all that stays the same when it is read again
        "nonce": f"wecom-{kind}-{int(at.timestamp())}",
        "created_at": clock.now(),
    }


def _at(row: Payload) -> datetime:
    return datetime.fromtimestamp(row["checkin_time"], UTC)


def _reports(told: Sequence[tuple[str, Payload]], facts: Sequence[Payload]) -> None:
    """What belongs to punches made outside, for the manager's list."""
    notes = {(who, _at(row)): plain(row["notes"] or "") for who, row in told}
    for fact in facts:
        if fact["source"] is PunchSource.FIELD:
            note = clip(notes[fact["person_id"], fact["at"]], 500)
            fields.keep(fact["person_id"], fact["at"], fact["direction"], place=fact["spot"], note=note)


def _odd(person_id: str, row: Payload) -> Signal:
    at = _at(row)
    told = {"at": at.isoformat(), "exception": clip(plain(row["exception_type"]), 60)}
    key = f"{SignalKind.WECOM}:{person_id}:{row['checkin_time']}"
    return Signal(person_id, SignalKind.WECOM, key, clock.local(at).date(), told)
