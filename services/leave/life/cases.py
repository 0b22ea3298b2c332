"""One person's plan with what the rules may ask about it; each fact is read when a rule first asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from kit import clock
from models.base import db
from models.enums import HOLDING, Per
from models.leave import LeaveRequest, LeaveSegment
from services import people, platform
from services.leave import gaps
from services.leave.life.rules import limits
from services.leave.life.rules.adjoining import Beside
from services.leave.life.rules.limits import Length, Limit, Taken
from services.leave.rulebook import catalog, local_rows, places
from services.leave.rulebook.catalog import Kind
from services.leave.rulebook.rules import medical, occasions, packs
from services.leave.rulebook.rules.medical import Period
from services.leave.rulebook.rules.occasions import Told
from services.leave.rulebook.rules.packs import Pack
from services.leave.rules import Portion
from services.leave.schemas import Plan
from services.people import PersonView

_BEFORE = (
    select(
        LeaveSegment.day, LeaveSegment.minutes, LeaveRequest.event_key, LeaveRequest.days,
        LeaveRequest.minutes.label("of"),
    )
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .where(LeaveSegment.person_id == bindparam("person_id"))
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .where(LeaveRequest.kind_code == bindparam("code"), LeaveRequest.state.in_(HOLDING))
    .where(LeaveRequest.id.not_in(bindparam("but_not", expanding=True)))
)  # fmt: skip


@dataclass
class Case:
    """A plan of a person, measured by its kind; `asked_on` is the day on which it is judged."""

    person_id: str
    kind: Kind
    plan: Plan
    portions: Sequence[Portion]
    length: Decimal
    instead_of: Sequence[str] = ()
    beside: Beside = field(default_factory=Beside)
    asked_on: date = field(default_factory=clock.today)

    @property
    def days(self) -> list[date]:
        return [portion.day for portion in self.portions]

    @property
    def whole_length(self) -> Decimal:
        """The days with those of the leave that it adjoins."""
        return self.length + self.beside.days

    @cached_property
    def told(self) -> Told:
        return self.plan.told

    @cached_property
    def event_key(self) -> str | None:
        return occasions.event_key(self.kind.rules.occasion, self.told)

    @cached_property
    def person(self) -> PersonView:
        return people.get(self.person_id)

    @cached_property
    def place(self) -> str:
        return places.place_of(self.person_id)

    @cached_property
    def tags(self) -> list[str]:
        return people.tags_of(self.person_id)

    @cached_property
    def owes_proof_since(self) -> date | None:
        """The first day of leave of the kind whose proof is overdue."""
        theirs = (LeaveRequest.person_id == self.person_id, LeaveRequest.kind_code == self.kind.code)
        owed = (LeaveRequest.state.in_(HOLDING), LeaveRequest.proof_id.is_(None))
        overdue = LeaveRequest.proof_due_on < self.asked_on
        return db.session.scalar(select(LeaveRequest.first_day).where(*theirs, *owed, overdue).limit(1))

    @cached_property
    def pack(self) -> Pack | None:
        """What the person's place says of this kind."""
        if not self.kind.rules.by_place:
            return None
        return local_rows.pack_for(self.place, self.kind.code, self.plan.first_day)

    @cached_property
    def given(self) -> Length | None:
        """The days for this occasion: the place's or the company's, whichever are more; `None` without either."""
        rules, on = self.kind.rules, self.plan.first_day
        local = self._of_place(on)
        if not rules.event_days:
            return local
        per = self.pack.per if self.pack else Per.EVENT
        ours = Length(occasions.days(rules.event_days, self.told, on), per, rules.source or "公司规定")
        return local if local and local.days > ours.days else ours

    def _of_place(self, on: date) -> Length | None:
        """What the place gives, and never less than the whole country does for it."""
        known = (self.pack, packs.pack_for(packs.NATIONAL, self.kind.code, on)) if self.pack else ()
        found = [Length(one.days_for(self.told, on), one.per, one.source) for one in known if one]
        return max(found, key=lambda one: one.days, default=None)

    @cached_property
    def limits(self) -> list[Limit]:
        return limits.limits(self.kind.rules, self.kind.name, self.told, self.event_key, self.given, self.days)

    @cached_property
    def before(self) -> list[Taken]:
        """What the person has taken of the kind already: of an event ever, else in the years concerned."""
        is_ever = self.kind.rules.is_once or self.kind.rules.is_by_event
        first, last = date(self.days[0].year, 1, 1), date(self.days[-1].year, 12, 31)
        asked = {
            "person_id": self.person_id, "code": self.kind.code, "but_not": list(self.instead_of),
            "first": date.min if is_ever else first, "last": date.max if is_ever else last,
        }  # fmt: skip
        return [_taken(row) for row in platform.rows(_BEFORE, asked)]

    @cached_property
    def sickness(self) -> Period | None:
        """The medical period that the plan falls into; `None` when nobody knows since when the person works here."""
        if self.person.hired_on is None:
            return None
        days = [*self._sick_days(), *gaps.days_away(self.plan.first_day, self.plan.last_day, None)]
        since = self.person.first_worked_on or self.person.hired_on
        return medical.period(self.place, since, self.person.hired_on, days, self.plan.last_day)

    def _sick_days(self) -> list[date]:
        asked = (LeaveRequest.person_id == self.person_id, LeaveRequest.id.not_in(self.instead_of))
        sick = (LeaveRequest.state.in_(HOLDING), LeaveRequest.kind_code.in_(catalog.sick_codes()))
        spans = select(LeaveRequest.first_day, LeaveRequest.last_day, LeaveRequest.gaps).where(*asked, *sick)
        return [day for span in db.session.execute(spans) for day in gaps.days_away(*span)]


def _taken(row: Any) -> Taken:
    return Taken(row.day, Fraction(row.minutes * Fraction(row.days), row.of), row.event_key)
