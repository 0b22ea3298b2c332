"""What is given stands as it is due, whichever way and in whatever order the facts became known."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from kit import clock
from kit.errors import Invalid
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot, LeaveRun
from models.people import Person
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
AFTER_SUMMER = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def lots(person: Person) -> dict[str, tuple[str, int]]:
    """What somebody has of their grants: title, and minutes left, by key without the person."""
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.grant_key, LeaveLot.title, func.coalesce(func.sum(LeaveEntry.minutes), 0))
            .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
        )
        return {key.replace(f":{person.id}", ""): (title, int(minutes)) for key, title, minutes in rows}


def tell(person: Person, **dates: date | None) -> None:
    """HR corrects somebody's dates."""
    with platform.unit_of_work():
        db.session.execute(update(Person).where(Person.id == person.id).values(**dates))
        db.session.expire_all()


def release(**changes: object) -> None:
    """HR releases another policy of annual leave, for this year."""
    usual = {"basis": "statutory_annual", "carry_months": 12, "is_prorated": True, "valid_from": D("2026-01-01")}
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        version = leave.policies.versions(hr, "annual")[0].version
        leave.policies.release(hr, "annual", leave.policies.PolicyForm(**usual | {"version": version} | changes))


def give(year: int = 2026) -> int:
    with platform.unit_of_work():
        return leave.grant_yearly(year).made


WAYS: dict[str, Callable[[Person], object]] = {
    "hire": lambda one: platform.publish(people.Joined(one.id)),
    "yearly": lambda one: leave.grant_yearly(2026),
    "transfer": lambda one: platform.publish(people.Moved(one.id, None, None)),
    "wish": lambda one: leave.grant_for(one.id),
}
life = st.dates(D("1995-01-01"), D("2026-03-01"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hired=life, worked=life, learned=st.permutations(["hired_on", "first_worked_on"]), data=st.data())
def test_the_same_facts_give_the_same_by_any_way_and_in_any_order(
    app: Flask, hired: date, worked: date, learned: list[str], data: st.DataObject
) -> None:
    grants.kinds()
    facts = {"hired_on": hired, "first_worked_on": worked}
    name = new_id().lower()
    at_once = make.person(f"a{name}", **facts)
    step_by_step = make.person(f"b{name}", hired_on=data.draw(life), first_worked_on=data.draw(st.none() | life))
    with platform.unit_of_work():
        WAYS[data.draw(st.sampled_from(list(WAYS)))](at_once)
    for fact in learned:
        with platform.unit_of_work():
            WAYS[data.draw(st.sampled_from(list(WAYS)))](step_by_step)
        tell(step_by_step, **{fact: facts[fact]})
    with platform.unit_of_work():
        WAYS[data.draw(st.sampled_from(list(WAYS)))](step_by_step)
    left = {key: minutes for key, (_, minutes) in lots(step_by_step).items() if minutes}
    assert left == {key: minutes for key, (_, minutes) in lots(at_once).items()}


def test_every_way_gives_the_same_sentence(app: Flask) -> None:
    grants.kinds()
    made = {}
    for way, act in WAYS.items():
        one = make.person(f"p_{way}", hired_on=D("2026-02-09"), first_worked_on=D("2014-03-03"))
        with platform.unit_of_work():
            act(one)
            made[way] = db.session.execute(
                select(LeaveEntry.minutes, LeaveEntry.cause, LeaveEntry.policy_version, LeaveEntry.made_by)
                .where(LeaveEntry.person_id == one.id)
            ).all()  # fmt: skip
    assert all(entries == made["hire"] for entries in made.values())
    ((minutes, cause, version, by),) = made["hire"]
    assert (minutes, version, by) == (8 * 480, 1, "system:leave.grant")
    assert "326 天÷365×10 天" in cause
    assert "第 1 版" in cause


def test_an_earlier_first_day_of_work_adds_days_and_a_later_one_takes_only_what_is_left(app: Flask) -> None:
    grants.kinds()
    li = make.person("lilei", superior=make.person("boss"), hired_on=D("2020-01-01"), first_worked_on=None)
    give()
    assert lots(li) == {"annual:2026": ("2026年年假", 5 * 480)}
    tell(li, first_worked_on=D("2010-01-01"))
    assert give() == 1
    assert lots(li) == {"annual:2026": ("2026年年假", 10 * 480)}
    with platform.unit_of_work():
        leave.apply(
            people.by_userid("lilei"),
            leave.Apply(kind="annual", first_day=D("2026-03-09"), last_day=D("2026-03-16")),
        )
    tell(li, first_worked_on=None)
    assert (give(), give()) == (1, 0)
    assert lots(li) == {"annual:2026": ("2026年年假", 0)}
    with platform.unit_of_work(writes=False):
        changes = db.session.scalars(
            select(LeaveEntry.minutes).where(LeaveEntry.kind == EntryKind.CORRECT).order_by(LeaveEntry.seq)
        ).all()
    assert changes == [5 * 480, -4 * 480]


@pytest.fixture
def ill(app: Flask) -> Person:
    """Li, who has five days, and was ill from 2 March to 30 April: 60 calendar days."""
    grants.kinds()
    boss = make.person("boss")
    make.person("hr", roles=(Role.HR,))
    return make.person("lilei", superior=boss)


def fall_ill(first: str, last: str) -> None:
    with platform.unit_of_work():
        made = leave.apply(
            people.by_userid("lilei"),
            leave.Apply(kind="sick", first_day=D(first), last_day=D(last), proof=platform.Upload("p.png", grants.PNG)),
        )
        grants.approve(made.id)


def test_long_sick_leave_takes_the_years_leave_back_while_none_was_taken(ill: Person) -> None:
    give()
    fall_ill("2026-03-02", "2026-04-29")
    assert give() == 0
    fall_ill("2026-04-30", "2026-04-30")
    give()
    assert lots(ill) == {"annual:2026": ("2026年年假", 0)}
    give(2027)
    assert lots(ill)["annual:2027"] == ("2027年年假", 5 * 480)


def test_leave_that_was_taken_before_costs_the_next_year(ill: Person) -> None:
    give()
    day = D("2026-03-03")
    with platform.unit_of_work():
        leave.apply(people.by_userid("lilei"), leave.Apply(kind="annual", first_day=day, last_day=day))
    fall_ill("2026-03-04", "2026-05-02")
    give()
    assert lots(ill) == {"annual:2026": ("2026年年假", 4 * 480)}
    give(2027)
    assert "annual:2027" not in lots(ill)


def test_a_policy_released_for_this_year_mends_what_was_given(ill: Person) -> None:
    give()
    release(days=2, steps="3:1\n6：2")
    give()
    assert lots(ill) == {"annual:2026": ("2026年年假", 5 * 480), "annual:2026:company": ("2026年公司年假", 4 * 480)}
    release(days=1)
    give()
    assert lots(ill)["annual:2026:company"] == ("2026年公司年假", 480)


def test_a_policy_for_later_changes_nothing_yet(ill: Person) -> None:
    release(days=2, valid_from=D("2026-07-01"))
    give()
    assert lots(ill) == {"annual:2026": ("2026年年假", 5 * 480)}
    give(2027)
    assert lots(ill)["annual:2027:company"] == ("2027年公司年假", 960)


def test_months_are_given_as_they_come(ill: Person) -> None:
    release(accrual="monthly", rounding="minute")
    give()
    assert {key: minutes for key, (_, minutes) in lots(ill).items()} == {
        "annual:2026-01": 203, "annual:2026-02": 184, "annual:2026-03": 204,
    }  # fmt: skip
    with clock.frozen(AFTER_SUMMER):
        give()
        assert sum(minutes for _, minutes in lots(ill).values()) == int(273 * 5 * 480 / 365)
    with clock.frozen(AFTER_SUMMER + timedelta(days=100)):
        give()
        assert sum(minutes for _, minutes in lots(ill).values()) == 5 * 480


def test_a_run_goes_on_where_it_was_and_shows_how_far_it_came(
    app: Flask, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    for number in range(6):
        make.person(f"p{number}")
    monkeypatch.setattr("services.leave.granting.grants.CHUNK", 3)
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        leave.ask_for_grants(hr, 2026)
        run = db.session.scalars(select(LeaveRun)).one()
        leave.keep_yearly({"run": run.id})
        leave.keep_yearly({"run": run.id})
        (shown,) = leave.runs.newest(hr)
        assert (shown.total, shown.done, shown.made, shown.ended_at) == (7, 6, 6, None)
    drain()
    with platform.unit_of_work(writes=False):
        (shown,) = leave.runs.newest(people.by_userid("hr"))
    assert (shown.done, shown.made, shown.ended_at is not None) == (7, 7, True)
    with platform.unit_of_work():
        leave.keep_yearly({"run": shown.id})
        (again,) = leave.runs.newest(people.by_userid("hr"))
    assert again == shown


@pytest.mark.parametrize("staff", [2, 40])
def test_a_chunk_takes_as_many_statements_for_few_as_for_many(app: Flask, statements: list[str], staff: int) -> None:
    grants.kinds()
    for number in range(staff):
        make.person(f"p{number}")
    statements.clear()
    give()
    assert len(statements) <= 20, "\n".join(statements)
    statements.clear()
    assert give() == 0
    assert len(statements) <= 16, "\n".join(statements)


def test_permutations_of_releases_and_dates_end_alike(app: Flask) -> None:
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    ends = set()
    for number, order in enumerate(permutations(("dates", "policy", "night"))):
        one = make.person(f"p{number}", hired_on=D("2024-05-01"), first_worked_on=None)
        release(days=0)
        for step in order:
            if step == "dates":
                tell(one, first_worked_on=D("2012-04-01"))
            elif step == "policy":
                release(days=2)
            else:
                give()
        give()
        ends.add(tuple(sorted(lots(one).items())))
    assert ends == {(("annual:2026", ("2026年年假", 4800)), ("annual:2026:company", ("2026年公司年假", 960)))}


def test_expiry_goes_on_behind_the_last_lot_and_takes_each_once(
    app: Flask, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    grants.kinds()
    ends = (28, 27, 28, 28, 26, 28, 28)  # chunks end within a day and between two
    for number in range(7):
        one = make.person(f"p{number}")
        grants.lot(one, 1, expires_on=D(f"2026-02-{ends[number]}"), title="去年")
        grants.lot(one, 2)
    monkeypatch.setattr("services.leave.granting.grants.CHUNK", 3)
    for slot in ("1", "2"):
        with platform.unit_of_work():
            platform.promise("leave.expire", {"slot": slot}, dedupe_key=slot)
        drain()
    with platform.unit_of_work(writes=False):
        ended = db.session.execute(
            select(LeaveEntry.minutes, LeaveEntry.cause).where(LeaveEntry.kind == EntryKind.EXPIRE)
        ).all()
    assert sorted(ended) == [(-480, f"“去年”2026-02-{day} 到期，未使用部分失效") for day in sorted(ends)]


@pytest.mark.parametrize(
    ("code", "changes", "source"),
    [
        ("annual", {"basis": "company", "days": "1"}, "《企业职工带薪年休假实施办法》第十三条"),
        ("annual", {"basis": "overtime"}, "《企业职工带薪年休假实施办法》第十三条"),
        ("compensatory", {"basis": "company"}, "《劳动法》第四十四条"),
        ("annual", {"sick_kinds": "sick maternity"}, "《企业职工带薪年休假实施办法》第六条"),
    ],
)
def test_a_policy_never_gives_less_than_the_law(app: Flask, code: str, changes: dict[str, str], source: str) -> None:
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        usual = {"basis": "statutory_annual", "valid_from": D("2026-01-01"), "version": 1}
        with pytest.raises(Invalid, match=source):
            leave.policies.release(hr, code, leave.policies.PolicyForm(**usual | changes))
