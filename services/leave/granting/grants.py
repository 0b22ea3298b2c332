"""Grants that policies give: hire, return, transfer, the nightly job and HR's wish all go through `settle`.

What was given is compared with what is due now: a new key is a new lot, another number of days is a correction, and a
key that is due no more is due nothing. Down it goes to what is left and no further. So the order in which facts became
known does not matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kit import clock, log
from models.base import db
from models.enums import Basis
from models.leave import LeaveKind
from services import people, schedule
from services.leave import ledger
from services.leave.granting import policies, standing
from services.leave.granting.rules import entitlement, evening
from services.leave.granting.rules.entitlement import Due, Facts
from services.leave.granting.rules.policy import Released
from services.leave.granting.standing import Gathered, Standing
from services.leave.ledger import Correction, Grant
from services.leave.rulebook.catalog import Kind, kind_of
from services.people import PersonView, System

CHUNK = 500
JOB = System("leave.grant")
logger = log.get(__name__)


@dataclass(frozen=True)
class Chunk:
    """How many grants a chunk made, and after whom the next one begins; `None` at the end."""

    made: int
    after: str | None


def grant_yearly(year: int, after: str = "") -> Chunk:
    """Gives everybody active what the year has brought them until now, a chunk of people at a time; never twice."""
    ids = active_after(after)
    made = settle(ids, year)
    logger.info("leave.granted", extra={"year": year, "grants": made})
    return Chunk(made, ids[-1] if len(ids) == CHUNK else None)


def active_after(after: str) -> list[str]:
    """The next chunk of the people who work here."""
    active = people.active_ids().subquery()
    following = select(active.c.id).where(active.c.id > after).order_by(active.c.id).limit(CHUNK)
    return list(db.session.scalars(following))


def grant_for(person_id: str) -> int:
    """Gives one person what this year has brought them: on their first day, when they return or move."""
    return settle([person_id], clock.today().year)


def settle(person_ids: Sequence[str], year: int) -> int:
    """Brings what these people were given for a year to what is due today; the count of grants and corrections."""
    today = clock.today()
    found = owed(person_ids, year, max(today, date(year, 1, 1)))
    if found.corrections:  # what is left may be spent meanwhile: look again while nobody can
        ledger.lock_all({one.person_id for one in found.corrections})
        found = owed(person_ids, year, max(today, date(year, 1, 1)))
    return ledger.grant(found.grants, JOB.label) + ledger.correct(found.corrections, JOB.label)


def due(person_ids: Sequence[str], year: int) -> list[Grant]:
    """What the whole year brings these people and they have not got yet, later months included; nothing is written."""
    return owed(person_ids, year, date(year, 12, 31)).grants


@dataclass(frozen=True)
class Owed:
    """What is to be written so that people have what is due."""

    grants: list[Grant]
    corrections: list[Correction]


def owed(person_ids: Sequence[str], year: int, on: date) -> Owed:
    """The difference between what is due on a day for a year and what was given; a fixed count of statements."""
    released = _granting()
    hired = [person for person in people.many(person_ids).values() if person.is_active and person.hired_on]
    if not hired or not released:
        return Owed([], [])
    kinds = every_kind()
    gathered = gather([person.id for person in hired], released, year, kinds)
    found = [one for known, facts in _cases(hired, released, gathered) for one in _standing(known, facts, gathered, on)]
    return Owed(
        [_grant(one, kinds) for one in found if one.minutes and one.key not in gathered.lots],
        [change for one in found if (change := _correction(one, gathered.lots.get(one.key)))],
    )


def _standing(known: list[Released], facts: Facts, gathered: Gathered, on: date) -> list[Due]:
    """What somebody's grants of a kind should stand at: what is due, nothing for what is due no more."""
    spent = gathered.spent(facts.person_id, known[-1].kind_code)
    found = entitlement.due(known, facts, gathered.year, on)
    return evening.evened(found + entitlement.ended(known, facts, gathered.year, on, spent, found), spent)


def _granting() -> dict[str, list[Released]]:
    """The policies that give by themselves; what overtime earns is given by who knows of the overtime."""
    known = policies.by_kind()
    return {code: found for code, found in known.items() if found[-1].policy.basis is not Basis.OVERTIME}


def every_kind() -> dict[str, Kind]:
    """All kinds by code, in use or not."""
    return {row.code: kind_of(row) for row in db.session.scalars(select(LeaveKind))}


def gather(
    person_ids: Sequence[str],
    released: Mapping[str, list[Released]],
    year: int,
    kinds: Mapping[str, Kind],
    back: int = 1,
) -> Gathered:
    """Reads the facts of these people for a year, and their lots of so many years before."""
    paid = [code for code, kind in kinds.items() if kind.rules.is_paid]
    absent = {
        (person_id, code): found
        for code, known in released.items()
        if known[-1].policy.basis is Basis.STATUTORY_ANNUAL
        for person_id, found in standing.absences(person_ids, known[-1].policy, paid, year).items()
    }
    given = standing.lots(person_ids, released, year, back)
    return Gathered(year, given, absent, standing.settled(person_ids))


def reckon(
    hired: Sequence[PersonView],
    released: Mapping[str, list[Released]],
    gathered: Gathered,
    on: date,
    left: Mapping[str, date] | None = None,
) -> list[Due]:
    """What these people are due by these policies on a day; writes nothing, so that a draft is tried the same way.

    Those who have `left` are reckoned on their last day.
    """
    return [
        one
        for known, facts in _cases(hired, released, gathered)
        for one in entitlement.due(known, facts, gathered.year, min(on, (left or {}).get(facts.person_id, on)))
    ]


def _cases(
    hired: Sequence[PersonView], released: Mapping[str, list[Released]], gathered: Gathered
) -> Iterator[tuple[list[Released], Facts]]:
    """Each kind's policies with each person's facts; none for an employment that has been settled."""
    today = clock.today()
    lengths = schedule.days([person.id for person in hired], today, today)
    for code, known in released.items():
        for person in hired:
            if facts := gathered.facts(person, code, lengths[person.id, today].full_minutes):
                yield known, facts


def _grant(one: Due, kinds: Mapping[str, Kind]) -> Grant:
    return Grant(
        key=one.key,
        person_id=one.person_id,
        kind_code=one.kind_code,
        title=one.title,
        starts_on=one.starts_on,
        expires_on=one.expires_on,
        minutes=one.minutes,
        sentence=one.sentence,
        kind_version=kinds[one.kind_code].version,
        policy_version=one.version,
        day_minutes=one.day_minutes,
    )


def _correction(one: Due, lot: Standing | None) -> Correction | None:
    """What brings a lot to where it should stand."""
    if lot is None or lot.given == one.minutes:
        return None
    sentence = f"更正发放：{one.sentence}"
    return Correction(lot.id, one.person_id, one.kind_code, one.minutes - lot.given, sentence, one.version)
