"""Days as people see them: today, a day, a month, and the board of a manager's own people. Judged anew at each look."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from kit import clock
from kit.errors import NotFound
from models.base import db
from models.enums import AudienceKind, Direction, Presence
from services import people, schedule
from services.attendance import facts, rules, sites, words
from services.attendance.punches import remote
from services.attendance.rules import Absence, Case, Duty, Mark, Result
from services.attendance.schemas import (
    BoardOut,
    BoardQuery,
    BoardRow,
    DayDetail,
    DayOut,
    DayQuery,
    MarkOut,
    MonthOut,
    MonthQuery,
    TodayOut,
    TotalsOut,
)
from services.people import Actor, AnyActor, Permission, PersonView

LARGEST_BOARD = 2000
URGENT_FIRST = (
    Presence.MISSING, Presence.LATE, Presence.AWAY, Presence.TRIP, Presence.HERE, Presence.EXPECTED, Presence.LEFT,
    Presence.REST,
)  # fmt: skip


# ── my own ──


def today(actor: Actor, plans: schedule.Plans | None = None) -> TodayOut:
    """The day being worked at this moment, and what to punch next; `plans` if the caller has those around now."""
    now = clock.now()
    case = facts.with_leave(actor.person_id, facts.case_at(actor.person_id, now, plans))
    result = rules.judge(case, now)
    return TodayOut(
        **_detail(case, result),
        next=rules.suggest(case.marks),
        is_working=bool(result.expected),
        is_on_leave=bool(result.leave) and not result.expected,
        is_on_trip=bool(result.trip) and not (result.expected or result.leave),
        is_remote=bool(remote.agreed(actor.person_id, [case.duty.day])),
        places=[place.name for place in sites.serving(actor.person_id)],
    )


def my_day(actor: Actor, query: DayQuery) -> DayDetail:
    """One of my days with its explanation; `NotFound` outside my employment."""
    return _day(people.get(actor.person_id), query.day or clock.today())


def my_month(actor: Actor, query: MonthQuery) -> MonthOut:
    """My month."""
    return _month(people.get(actor.person_id), query.first_day)


# ── those of my people ──


def day_of(actor: AnyActor, person_id: str, query: DayQuery) -> DayDetail:
    """A day of somebody whose attendance I may see; the kind of a sensitive leave stays hidden."""
    return _day(_visible(actor, person_id), query.day or clock.today(), is_discreet=True)


def month_of(actor: AnyActor, person_id: str, query: MonthQuery) -> MonthOut:
    """A month of somebody whose attendance I may see."""
    return _month(_visible(actor, person_id), query.first_day)


def _visible(actor: AnyActor, person_id: str) -> PersonView:
    scope = people.within(actor, Permission.ATTENDANCE_BOARD_READ)
    if db.session.scalar(scope.where(scope.selected_columns[0] == person_id)) is None:
        raise NotFound()
    return people.get(person_id)


def _day(person: PersonView, day: date, *, is_discreet: bool = False) -> DayDetail:
    if not is_employed(person, day):
        raise NotFound("这一天没有考勤")
    case = facts.cases([person.id], day, day)[person.id, day]
    case = discreet(case) if is_discreet else case
    return DayDetail(**_detail(case, rules.judge(case, clock.now())))


def _month(person: PersonView, first: date) -> MonthOut:
    now, last = clock.now(), (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = facts.cases([person.id], first, last)
    results = [rules.judge(case, now) for (_, day), case in found.items() if is_employed(person, day)]
    totals = TotalsOut.model_validate(rules.totals(results))
    return MonthOut(
        month=f"{first:%Y-%m}",
        previous=f"{first - timedelta(days=1):%Y-%m}",
        following=f"{last + timedelta(days=1):%Y-%m}",
        days=[DayOut.model_validate(face(result)) for result in results],
        totals=totals,
    )


def is_employed(person: PersonView, day: date) -> bool:
    """Did the person work here on that day, as far as the dates are known?"""
    return (person.hired_on or day) <= day <= (person.left_on or day)


def face(result: Result) -> dict[str, object]:
    """A result in the words of the calendar."""
    came, left = (words.moment(at, result.day, result.zone) if at else "" for at in (result.first_in, result.last_out))
    return {**asdict(result), "title": words.title(result.verdicts), "came": came, "left": left}


def _detail(case: Case, result: Result) -> dict[str, object]:
    return {
        **face(result),
        "plan": words.plan(case),
        "punches": [_mark(mark, case.duty) for mark in case.marks],
        "sentences": words.explain(case, result),
        "missing": [direction for direction in Direction if rules.lacks(result, direction)],
    }


def _mark(mark: Mark, duty: Duty) -> MarkOut:
    said = {"time": words.moment(mark.at, duty.day, duty.zone), "how": words.how(mark)}
    return MarkOut(at=mark.at, direction=mark.direction, source=mark.source, **said)


def discreet(case: Case) -> Case:
    """The day as others are told it: the kind of a sensitive leave stays hidden."""
    hidden = tuple(replace(absence, title=_public(absence), is_sensitive=False) for absence in case.absences)
    return replace(case, absences=hidden)


def _public(absence: Absence) -> str:
    return "请假" if absence.is_sensitive else absence.title


# ── the board ──


def board(actor: AnyActor, query: BoardQuery) -> BoardOut:
    """Where my people are at this moment: reports for a manager, everybody for HR. At most 2,000 at a time."""
    actor.require(Permission.ATTENDANCE_BOARD_READ)
    now, ids = clock.now(), _on_board(actor, query)
    rows = list(_rows(ids[:LARGEST_BOARD], now))
    shown = [row for row in rows if query.presence in (None, row.presence)]
    counts = {presence: sum(row.presence is presence for row in rows) for presence in URGENT_FIRST}
    order = sorted(shown, key=lambda row: (URGENT_FIRST.index(row.presence), row.department, row.name))
    return BoardOut(at=now, counts=counts, people=order, is_cut=len(ids) > LARGEST_BOARD)


def _on_board(actor: AnyActor, query: BoardQuery) -> list[str]:
    meant = (AudienceKind.DEPARTMENT, query.department) if query.department else (AudienceKind.COMPANY, "")
    asked = people.audience(*meant)
    person_id = asked.selected_columns[0]
    mine = person_id.in_(people.within(actor, Permission.ATTENDANCE_BOARD_READ))
    others = asked.where(mine, person_id != actor.label).order_by(person_id).limit(LARGEST_BOARD + 1)
    return list(db.session.scalars(others))


def _rows(ids: list[str], now: datetime) -> Iterable[BoardRow]:
    today = clock.local(now).date()
    current = {
        person_id: case
        for (person_id, _), case in facts.cases(ids, today - timedelta(days=1), today + timedelta(days=1)).items()
        if case.duty.window.has(now)
    }
    for person in people.many(ids).values():
        case = current[person.id]
        presence = rules.presence(case, now)
        yield BoardRow(
            person_id=person.id,
            name=person.name,
            department=person.department_name,
            presence=presence,
            title=words.PRESENCES[presence],
            note=_note(case, presence, now),
        )


def _note(case: Case, presence: Presence, now: datetime) -> str:
    due = rules.due(case).spans
    came, left = rules.came(case.marks), rules.left(case.marks, due)
    if presence in (Presence.AWAY, Presence.TRIP):
        return "、".join(dict.fromkeys(_public(absence) for absence in case.absences))
    if presence is Presence.LEFT and left:
        return f"{_time(case, left)} 离开"
    if presence is Presence.REST:
        return case.duty.title
    if came:
        late = rules.judge(case, now).late
        return f"{_time(case, came)} 到" + (f"，迟到 {words.length(late)}" if late else "")
    return f"应在 {_time(case, due[0].start)} 到岗"


def _time(case: Case, at: datetime) -> str:
    return words.moment(at, case.duty.day, case.duty.zone)
