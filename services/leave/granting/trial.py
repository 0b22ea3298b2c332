"""A policy tried before it is released: what a year would bring by it, beside what it brings now."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from kit.schema import View
from models.base import db
from services import people
from services.leave import rules
from services.leave.granting import grants, policies
from services.leave.granting.policies import PolicyForm
from services.leave.granting.rules.entitlement import Due
from services.people import AnyActor, Permission, PersonView

MOST_TRIED, SHOWN = 2_000, 10


class Change(View):
    """Whom the draft gives something else, in days, and by what reckoning."""

    name: str
    department: str
    before: str
    after: str
    sentence: str


class Trial(View):
    """What the draft would do in the year it begins in: for how many, and what it comes to.

    `is_partial` when there are more people than were tried.
    """

    kind_name: str
    version: int
    valid_from: date
    year: int
    people: int
    is_partial: bool
    before: str
    after: str
    gaining: int
    losing: int
    changes: list[Change]


def trial(actor: AnyActor, code: str, wish: PolicyForm) -> Trial:
    """Reckons the year for the people within reach by the policies as they are and with the draft added."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    drafted, known = policies.draft(code, wish), policies.of_kind(code)
    hired, is_partial = _people(actor)
    ids, year = [person.id for person in hired], wish.valid_from.year
    gathered = grants.gather(ids, {code: [drafted]}, year, grants.every_kind())
    end = date(year, 12, 31)
    before = _totals(grants.reckon(hired, {code: known}, gathered, end) if known and hired else [])
    after = _totals(grants.reckon(hired, {code: [*known, drafted]}, gathered, end) if hired else [])
    changed = [person for person in hired if _minutes(before, person) != _minutes(after, person)]
    return Trial(
        kind_name=drafted.kind_name,
        version=drafted.version,
        valid_from=wish.valid_from,
        year=year,
        people=len(hired),
        is_partial=is_partial,
        before=_days(list(before.values())),
        after=_days(list(after.values())),
        gaining=sum(_minutes(before, person) < _minutes(after, person) for person in changed),
        losing=sum(_minutes(before, person) > _minutes(after, person) for person in changed),
        changes=[_change(person, before, after) for person in changed[:SHOWN]],
    )


def _people(actor: AnyActor) -> tuple[list[PersonView], bool]:
    reach = people.within(actor, Permission.LEAVE_KIND_EDIT).subquery()
    wanted = select(reach.c.id).where(reach.c.id.in_(people.active_ids())).order_by(reach.c.id).limit(MOST_TRIED + 1)
    ids = db.session.scalars(wanted).all()
    found = people.many(ids[:MOST_TRIED]).values()
    return [person for person in found if person.hired_on], len(ids) > MOST_TRIED


def _totals(found: Sequence[Due]) -> dict[str, list[Due]]:
    by_person: dict[str, list[Due]] = {}
    for one in found:
        by_person.setdefault(one.person_id, []).append(one)
    return by_person


def _minutes(totals: dict[str, list[Due]], person: PersonView) -> int:
    return sum(one.minutes for one in totals.get(person.id, ()))


def _days(groups: list[list[Due]]) -> str:
    """The sum in days, each by the working day of whose it is."""
    total = sum((rules.in_days(one.minutes, one.day_minutes) for group in groups for one in group), rules.in_days(0, 1))
    return f"{total.normalize():f}天"


def _change(person: PersonView, before: dict[str, list[Due]], after: dict[str, list[Due]]) -> Change:
    mine = after.get(person.id, [])
    return Change(
        name=person.name,
        department=person.department_name,
        before=_days([before.get(person.id, [])]),
        after=_days([mine]),
        sentence="；".join(one.sentence for one in mine[:2]),
    )
