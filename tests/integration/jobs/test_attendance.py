"""What attendance does by itself: settle closed days, remind of punches."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from kit import clock
from kit.ids import new_id
from models.attendance import DayResult
from models.base import db
from models.enums import AudienceKind, PersonStatus
from models.people import Person
from models.platform import Promise
from services import attendance, leave, people, platform, schedule
from services.attendance import reminding, settling
from tests.factories import attendance as made
from tests.factories import schedule as shifts
from tests.factories.people import department, person

FRIDAY = date(2026, 2, 27)


@pytest.fixture
def lihua(app: Any) -> Person:
    """An employee of the office, 09:00 to 18:00."""
    return person("lihua", "李华", dept=department())


def run(work: Callable[[dict[str, Any]], None], slot: datetime | None = None, **payload: Any) -> None:
    with platform.unit_of_work():
        work({"slot": (slot or clock.now()).isoformat(), **payload})


def kept() -> dict[date, str]:
    return {row.day: row.verdicts for row in db.session.scalars(select(DayResult))}


# ── settling ──


def test_closed_days_are_kept_and_open_ones_wait(lihua: Person) -> None:
    made.punches(lihua, "in 08:55, out 18:00", FRIDAY)
    run(attendance.settle)
    assert kept()[FRIDAY] == "|normal|"
    assert kept()[date(2026, 3, 1)] == "|rest|"
    assert date(2026, 3, 2) not in kept()
    with clock.frozen(made.at("05:30", date(2026, 3, 3))):
        run(attendance.settle)
    assert kept()[date(2026, 3, 2)] == "|absent|"


def test_settling_twice_writes_once(lihua: Person) -> None:
    run(attendance.settle)
    before = {row.day: row.settled_at for row in db.session.scalars(select(DayResult))}
    with clock.frozen(clock.now() + timedelta(minutes=5)), platform.unit_of_work():
        assert settling.write([lihua.id], date(2026, 2, 23), date(2026, 3, 1)) == 0
    assert {row.day: row.settled_at for row in db.session.scalars(select(DayResult))} == before


def test_a_new_fact_rewrites_the_day_it_touches_and_no_other(lihua: Person) -> None:
    run(attendance.settle)
    made.punches(lihua, "in 08:55, out 18:00", FRIDAY)
    with platform.unit_of_work():
        assert settling.write([lihua.id], date(2026, 2, 23), date(2026, 3, 1)) == 1
    assert kept()[FRIDAY] == "|normal|"


def test_days_outside_employment_are_not_judged(app: Any) -> None:
    person("newbie", hired_on=FRIDAY)
    run(attendance.settle)
    assert min(kept()) == FRIDAY


def test_many_people_are_settled_in_chunks(lihua: Person, drain: Callable[[], int], monkeypatch: Any) -> None:
    monkeypatch.setattr(settling, "CHUNK", 2)
    for n in range(4):
        person(f"p{n}")
    run(attendance.settle)
    assert len({row.person_id for row in db.session.scalars(select(DayResult))}) == 2
    drain()
    assert len({row.person_id for row in db.session.scalars(select(DayResult))}) == 5


def test_settling_takes_the_same_statements_for_any_number(lihua: Person, statements: list[str]) -> None:
    def counted() -> int:
        before = len(statements)
        ids = list(db.session.scalars(people.active_ids()))
        with platform.unit_of_work():
            settling.write(ids, FRIDAY, date(2026, 3, 1))
        return len(statements) - before

    run(attendance.settle)
    few = counted()
    for n in range(40):
        person(f"p{n}")
    assert counted() - few <= 1  # and one that inserts what is new


def test_the_last_days_of_somebody_who_left_are_settled_too(lihua: Person, drain: Callable[[], int]) -> None:
    with platform.unit_of_work():
        db.session.execute(update(Person).where(Person.id == lihua.id).values(status=PersonStatus.INACTIVE))
        attendance.on_left(people.Left(lihua.id))
    run(attendance.settle)
    assert kept() == {}
    with clock.frozen(clock.now() + timedelta(days=3)):
        drain()
    assert kept() == {date(2026, 3, 1): "|rest|", date(2026, 3, 2): "|absent|"}


# ── reminding ──


def reminders() -> list[tuple[list[str], str]]:
    rows = db.session.scalars(select(Promise).where(Promise.kind == "message.send").order_by(Promise.seq))
    return [(row.payload["userids"], row.payload["message"]["template_card"]["main_title"]["title"]) for row in rows]


def at(text: str, day: date = made.MONDAY) -> Any:
    return clock.frozen(made.at(text, day))


def test_ten_minutes_before_work_whoever_is_not_there_is_reminded(lihua: Person) -> None:
    early = person("early")
    made.punches(early, "in 08:40")
    with at("08:50"):
        run(attendance.remind)
    assert reminders() == [(["lihua"], "还没有上班打卡")]


def test_after_work_whoever_came_and_has_not_left_is_reminded(lihua: Person) -> None:
    person("absent")
    gone = person("gone")
    made.punches(lihua, "in 08:55")
    made.punches(gone, "in 08:55, out 18:01")
    with at("18:15"):
        run(attendance.remind)
    assert reminders() == [(["lihua"], "还没有下班打卡")]


def test_once_for_each_slot(lihua: Person) -> None:
    for minute in ("08:45", "08:50", "08:50", "08:55", "09:00"):
        with at(minute):
            run(attendance.remind)
    assert len(reminders()) == 1


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 2, 17)])
def test_nobody_is_reminded_on_a_day_off(lihua: Person, day: date) -> None:
    with at("08:50", day):
        run(attendance.remind)
    assert reminders() == []


def test_a_worked_saturday_is_a_working_day(lihua: Person) -> None:
    with at("08:50", date(2026, 2, 28)):
        run(attendance.remind)
    assert len(reminders()) == 1


def test_nobody_is_reminded_in_quiet_hours(lihua: Person) -> None:
    shifts.assigned(shifts.shift("早早班", ((420, 900),)), lihua)  # 07:00, the quiet hours end at 08:00
    with at("06:50"):
        run(attendance.remind)
    assert reminders() == []


def test_a_run_that_comes_too_late_is_silent(lihua: Person) -> None:
    with at("09:20"):
        run(attendance.remind, slot=made.at("08:50"))
    assert reminders() == []


def test_a_morning_of_leave_is_reminded_after_it(lihua: Person, monkeypatch: Any) -> None:
    away = leave.OnLeave("r", "personal", "事假", 540, 720, 180, is_work=False, is_sensitive=False)
    monkeypatch.setattr(leave, "on_days", lambda *_: {(lihua.id, made.MONDAY): [away]})
    with at("08:50"):
        run(attendance.remind)
    assert reminders() == []
    with at("12:50"):
        run(attendance.remind)
    assert len(reminders()) == 1


def test_the_end_of_a_night_is_the_next_morning(lihua: Person) -> None:
    shifts.assigned(shifts.shift("夜班", ((1440 - 150, 1440 + 500),)), lihua)  # 21:30 to 08:20
    made.punches(lihua, "in 21:20", date(2026, 3, 2))
    with at("08:35", date(2026, 3, 3)):
        run(attendance.remind)
    assert reminders() == [(["lihua"], "还没有下班打卡")]


def test_five_thousand_people_are_reminded_in_a_handful_of_statements(lihua: Person, statements: list[str]) -> None:
    home = lihua.department_id
    with platform.unit_of_work():
        db.session.execute(
            insert(Person),
            [
                {"id": new_id(), "userid": f"u{n}", "name": f"员工{n}", "status": PersonStatus.ACTIVE,
                 "department_id": home, "is_manager": False, "position": ""}
                for n in range(4998)
            ],
        )  # fmt: skip
    before = len(statements)
    with at("08:50"):
        run(attendance.remind)
    assert len(statements) - before <= 25
    assert sorted(len(userids) for userids, _ in reminders()) == [999, 1000, 1000, 1000, 1000]


def test_more_people_than_a_chunk_follow_in_the_next(lihua: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr(reminding, "CHUNK", 2)
    for n in range(3):
        person(f"p{n}")
    with at("08:50"):
        run(attendance.remind)
        following = db.session.scalars(select(Promise.payload).where(Promise.kind == "attendance.remind")).one()
        with platform.unit_of_work():
            attendance.remind(following)
    assert sorted(userid for userids, _ in reminders() for userid in userids) == ["lihua", "p0", "p1", "p2"]


# ── what changes many people's days ──


def test_a_shift_given_for_days_that_are_past_judges_them_again(lihua: Person, drain: Callable[[], int]) -> None:
    made.punches(lihua, "in 09:40, out 18:40", FRIDAY)
    run(attendance.settle)
    assert kept()[FRIDAY] == "|late|"
    with platform.unit_of_work():
        wish = schedule.AssignmentWish(
            shift_id=shifts.shift("晚到班", ((580, 760), (820, 1120))).id, scope=AudienceKind.COMPANY, starts_on=FRIDAY
        )
        given = schedule.assign(people.System("tests"), wish)
    drain()
    assert kept()[FRIDAY] == "|normal|"
    with platform.unit_of_work():
        schedule.end_assignment(people.System("tests"), given.id)
    drain()
    assert kept()[FRIDAY] == "|late|"


def test_a_day_off_named_afterwards_excuses_whom_it_concerns(lihua: Person, drain: Callable[[], int]) -> None:
    run(attendance.settle)
    assert kept()[FRIDAY] == "|absent|"
    shifts.own_day("台风停工", FRIDAY)
    drain()
    assert kept()[FRIDAY] == "|rest|"


def test_days_to_come_wait_for_their_night(lihua: Person) -> None:
    shifts.own_day("司庆", date(2026, 4, 20))
    assert db.session.scalar(select(Promise.id).where(Promise.kind == "attendance.settle_again")) is None


def test_a_year_is_judged_again_month_by_month(lihua: Person, drain: Callable[[], int]) -> None:
    assigned = schedule.Assigned(AudienceKind.PERSON, lihua.id, date(2025, 12, 1), None)
    with platform.unit_of_work():
        attendance.on_assigned(assigned)
    assert drain() >= 3
    assert min(kept()) == date(2025, 12, 1)
    assert len(kept()) == 91  # until the day before this one


def test_a_fact_that_nobody_was_told_of_counts_after_the_night(lihua: Person, drain: Callable[[], int]) -> None:
    run(attendance.settle)
    made.punches(lihua, "in 08:55, out 18:00", FRIDAY)
    run(attendance.settle)
    assert kept()[FRIDAY] == "|absent|"
    with platform.unit_of_work():
        attendance.check_week({})
    drain()
    assert kept()[FRIDAY] == "|normal|"
