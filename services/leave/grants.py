"""Entitlements that the law gives by itself: the yearly job and a person's first day go through one function."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kit import clock, log
from models.base import db
from models.enums import Entitlement
from models.leave import LeaveKind, LeaveLot
from services import people, platform, schedule
from services.leave import annual, catalog, ledger
from services.leave.catalog import Kind, kind_of
from services.leave.ledger import Grant
from services.people import AnyActor, Permission, PersonView, System

YEARLY = "leave.grant_yearly"
EXPIRE = "leave.expire"
CHUNK = 500
JOB = System("leave.grant")
logger = log.get(__name__)


@dataclass(frozen=True)
class Chunk:
    """How many grants a chunk made, and after whom the next one begins; `None` at the end."""

    made: int
    after: str | None


def grant_yearly(year: int, after: str = "") -> Chunk:
    """Gives everybody active what the year brings them, a chunk of people at a time; nobody gets it twice."""
    people_ids = people.active_ids().subquery()
    ids = db.session.scalars(
        select(people_ids.c.id).where(people_ids.c.id > after).order_by(people_ids.c.id).limit(CHUNK)
    ).all()
    made = _grant(ids, year)
    logger.info("leave.granted", extra={"year": year, "grants": made})
    return Chunk(made, ids[-1] if len(ids) == CHUNK else None)


def grant_for(person_id: str) -> int:
    """Gives one person what this year brings them: on their first day, or when HR has entered their dates."""
    return _grant([person_id], clock.today().year)


def _grant(person_ids: Sequence[str], year: int) -> int:
    return ledger.grant(due(person_ids, year), JOB.label)


def due(person_ids: Sequence[str], year: int) -> list[Grant]:
    """What the year brings these people and they have not got yet; nothing is written."""
    found = people.many(person_ids)
    hired = [person for person in found.values() if person.is_active and person.hired_on]
    kinds = [kind_of(row) for row in db.session.scalars(select(LeaveKind).where(LeaveKind.is_active))]
    granting = [kind for kind in kinds if kind.rules.entitlement is Entitlement.STATUTORY_ANNUAL]
    if not hired or not granting:
        return []
    on = clock.today()
    lengths = schedule.days([person.id for person in hired], on, on)
    given = [_annual(kind, person, year, lengths[person.id, on].full_minutes) for kind in granting for person in hired]
    return _new([grant for grant in given if grant])


def _annual(kind: Kind, person: PersonView, year: int, full_minutes: int) -> Grant | None:
    assert person.hired_on is not None
    entitled = annual.entitlement(year, person.hired_on, person.first_worked_on)
    if not entitled.days:
        return None
    return Grant(
        key=f"{kind.code}:{year}:{person.id}",
        person_id=person.id,
        kind_code=kind.code,
        title=f"{year}年{kind.name}",
        starts_on=entitled.starts_on,
        expires_on=date(year + kind.rules.carry_years, 12, 31),
        minutes=entitled.days * full_minutes,
        sentence=entitled.sentence,
        kind_version=kind.version,
    )


def _new(grants: list[Grant]) -> list[Grant]:
    """Those not given before: the key decides in the end, this only spares the writing."""
    keys = [grant.key for grant in grants]
    known = set(db.session.scalars(select(LeaveLot.grant_key).where(LeaveLot.grant_key.in_(keys)))) if keys else set()
    return [grant for grant in grants if grant.key not in known]


def ask_for_grants(actor: AnyActor, year: int) -> None:
    """HR asks for a year's grants; the worker gives them, once for everybody who has not got them."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    platform.audit.record(actor, "leave.balance.grant", str(year))
    platform.promise(YEARLY, {"year": year}, dedupe_key=f"{YEARLY}:asked:{year}:{clock.epoch()}")


def keep_yearly(payload: dict[str, object]) -> None:
    """The job: this year's grants, chunk after chunk, each promised by the one before."""
    catalog.ensure_kinds()  # a new installation, or a new kind in a new version
    year, after = int(str(payload.get("year") or clock.today().year)), str(payload.get("after") or "")
    chunk = grant_yearly(year, after)
    if chunk.after:
        key = f"{YEARLY}:{clock.today().isoformat()}:{year}:{chunk.after}"
        platform.promise(YEARLY, {"year": year, "after": chunk.after}, dedupe_key=key)


def keep_expiry(payload: dict[str, object]) -> None:
    """The job: writes off what expired, chunk after chunk."""
    count = ledger.expire(clock.today(), JOB.label, CHUNK)
    if count == CHUNK:
        round_ = int(str(payload.get("round") or 0)) + 1
        platform.promise(EXPIRE, {"round": round_}, dedupe_key=f"{EXPIRE}:{clock.today().isoformat()}:{round_}")
