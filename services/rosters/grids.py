"""The roster as a grid of people and days, with what each person's row comes to."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import WORKING_DAYS, RosterState
from models.rosters import Roster, RosterCell
from services import leave, people, schedule
from services.people import AnyActor, PersonView
from services.rosters import access, planning, rules
from services.rosters.planning import REST
from services.rosters.rules import Burden, Place
from services.rosters.schemas import CellView, DayHead, GridView, PersonLine, ShiftKey
from services.rosters.solving import asking
from services.schedule import DayPlan, Shift

COLOURS = 8
HIDDEN = "请假"


def grid(actor: AnyActor, roster_id: str) -> GridView:
    """A roster that the actor makes."""
    row = access.roster(actor, roster_id)
    members = access.members(row.department_id)
    ids = [one.id for one in members]
    plans = schedule.days(ids, row.first_day, row.last_day) if ids else {}
    found = cells_of(row.id)
    known = schedule.known(one.shift_id for one in found.values() if one.shift_id)
    keys = shift_keys()
    page = Page(row, plans, found, known, {one.id: one.colour for one in keys}, _leave(ids, row))
    return GridView(
        id=row.id,
        department_id=row.department_id,
        department=people.department_names([row.department_id])[row.department_id],
        first_day=row.first_day,
        last_day=row.last_day,
        state=RosterState(row.state),
        version=row.version,
        days=_heads(row, ids),
        people=[page.line(one) for one in members],
        shifts=keys,
        solve=asking.latest(row.id),
        has_solver=asking.is_there(),
    )


def cells_of(roster_id: str) -> dict[Place, RosterCell]:
    """The cells of a roster by place."""
    rows = db.session.scalars(
        select(RosterCell).where(RosterCell.roster_id == roster_id), execution_options={"populate_existing": True}
    )
    return {(one.person_id, one.day): one for one in rows}


def shift_keys() -> list[ShiftKey]:
    """The shifts in use, each with the number of its colour."""
    active = [one for one in schedule.shifts() if one.is_active]
    return [
        ShiftKey(id=one.id, name=one.name, hours=one.hours, colour=number % COLOURS + 1)
        for number, one in enumerate(active)
    ]


def _leave(ids: list[str], row: Roster) -> dict[Place, str]:
    """What the grid says of leave: its kind, unless that is nobody's business."""
    found = leave.on_days(ids, row.first_day, row.last_day) if ids else {}
    return {
        place: "、".join(HIDDEN if one.is_sensitive else one.kind_name for one in some) for place, some in found.items()
    }


def _heads(row: Roster, ids: list[str]) -> list[DayHead]:
    calendar = schedule.calendars(ids[:1])[ids[0]] if ids else None
    return [
        DayHead(
            day=day,
            is_off=calendar is not None and calendar.kind(day) not in WORKING_DAYS,
            is_over=day < clock.today(),
            note=calendar.note(day) if calendar else "",
        )
        for day in schedule.span(row.first_day, row.last_day)
    ]


class Page:
    """Everything the rows of a grid are made of."""

    def __init__(
        self,
        row: Roster,
        plans: Mapping[Place, DayPlan],
        found: Mapping[Place, RosterCell],
        known: Mapping[str, Shift],
        colours: Mapping[str, int],
        leaves: Mapping[Place, str],
    ) -> None:
        self.plans, self.found, self.known, self.colours, self.leaves = plans, found, known, colours, leaves
        self.days = list(schedule.span(row.first_day, row.last_day))

    def line(self, person: PersonView) -> PersonLine:
        """Somebody's row."""
        burden = self._burden(person.id)
        return PersonLine(
            person_id=person.id,
            name=person.name,
            department=person.department_name,
            cells=[self._cell((person.id, day)) for day in self.days],
            hours=f"{burden.minutes / 60:g}",
            nights=burden.nights,
            weekends=burden.weekends,
        )

    def _burden(self, person_id: str) -> Burden:
        plan = {(person_id, day): self._shift((person_id, day)) for day in self.days}
        return rules.burdens([person_id], self.days, plan)[person_id]

    def _shift(self, place: Place) -> Shift | None:
        if cell := self.found.get(place):
            return self.known[cell.shift_id] if cell.shift_id else None
        plan = self.plans[place]
        return plan.shift if plan.is_working else None

    def _cell(self, place: Place) -> CellView:
        cell, plan = self.found.get(place), self.plans[place]
        shift = self.known[cell.shift_id] if cell and cell.shift_id else None
        return CellView(
            day=place[1],
            text=(shift.name if shift else REST) if cell else "",
            usual=plan.shift.name if plan.is_working else REST,
            colour=self.colours.get(str(shift.id), 0) if shift else 0,
            is_fixed=cell is not None and cell.is_fixed,
            leave=self.leaves.get(place, ""),
        )


def texts(row: Roster) -> tuple[list[PersonView], list[date], dict[Place, str]]:
    """The members, the days, and the text of each cell, for a sheet."""
    found = cells_of(row.id)
    known = schedule.known(one.shift_id for one in found.values() if one.shift_id)
    said = {place: known[one.shift_id].name if one.shift_id else planning.REST for place, one in found.items()}
    return access.members(row.department_id), list(schedule.span(row.first_day, row.last_day)), said
