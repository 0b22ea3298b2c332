"""Changes of the directory arrive as hints, in any order and more than once; the reading that follows is the truth."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import PersonStatus
from models.people import Department, LoginSession, Person, Tagging
from models.platform import Promise
from services import people, platform
from simulator import Twin
from tests.support.events import heard

Drain = Callable[[], int]
Row = tuple[str, str, str, str | None, str | None]


def one(userid: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.userid == userid)).one()


def settle(drain: Drain) -> None:
    """Keeps all readings, also those that wait for the end of a burst."""
    for promise in db.session.scalars(select(Promise).where(Promise.kind.like("directory.%"))):
        promise.due_at = promise.created_at
    drain()


@pytest.fixture
def company(app: Flask, twin: Twin, drain: Drain) -> Twin:
    twin.add_department("研发部", department_id=2)
    twin.add_member("Wang", "王总", [1], leads=[1])
    twin.add_member("li", "李华", [2], direct_leaders=["Wang"])
    settle(drain)
    return twin


def test_somebody_who_joins_is_there_within_seconds(company: Twin, drain: Drain) -> None:
    with heard(people.Joined) as joined:
        company.add_member("han", "韩梅", [2], direct_leaders=["li"], position="设计师")
        drain()
    assert joined == [people.Joined(one("han").id)]
    assert (one("han").superior_id, one("han").position, one("li").is_manager) == (one("li").id, "设计师", True)


def test_moving_and_a_new_position_are_read(company: Twin, drain: Drain) -> None:
    company.move_member("li", [1], position="主管")
    drain()
    assert (one("li").department_id, one("li").position) == (one("wang").department_id, "主管")


def test_leaving_ends_sessions_before_anything_is_read(company: Twin, drain: Drain) -> None:
    with platform.unit_of_work():
        people.sessions.open_session(people.by_userid("li"), "h5")
    company.remove_member("li")
    db.session.expire_all()
    assert db.session.scalar(select(LoginSession.id)) is None
    with heard(people.Left) as left:
        drain()
    assert left == [people.Left(one("li").id)]
    assert one("li").status == PersonStatus.INACTIVE


def test_a_forged_leaving_does_no_more_than_end_sessions(company: Twin, drain: Drain) -> None:
    """Whoever steals the callback's keys can say that somebody is gone; the reading knows better."""
    company._tell_contacts({"ChangeType": "delete_user", "UserID": "li"})
    drain()
    assert one("li").status == PersonStatus.ACTIVE


def test_a_disabled_account_is_inactive_and_comes_back(company: Twin, drain: Drain) -> None:
    company.update_member("li", status=2)
    drain()
    assert one("li").status == PersonStatus.INACTIVE
    company.update_member("li", status=1)
    drain()
    assert one("li").status == PersonStatus.ACTIVE


def test_a_new_userid_keeps_the_person(company: Twin, drain: Drain) -> None:
    before = one("li").id
    company.rename_member("li", "li.hua")
    drain()
    assert one("li.hua").id == before
    assert len(list(db.session.scalars(select(Person)))) == 2


def test_a_burst_of_department_changes_is_one_reading(company: Twin, drain: Drain) -> None:
    calls = len(company.calls)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        for number in range(3, 9):
            company.add_department(f"部门{number}", department_id=number, parent=2)
        company.update_department(3, "三部", parent=1)
        company.remove_department(8)
        assert drain() == 0
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        drain()
    assert sum("department/list" in call.api for call in list(company.calls)[calls:]) == 1
    db.session.expire_all()
    tree = {d.wecom_id: (d.name, d.path, d.is_active) for d in db.session.scalars(select(Department))}
    assert tree[3] == ("三部", "/1/3/", True)
    assert tree[7] == ("部门7", "/1/2/7/", True)
    assert 8 not in tree


def test_tags_follow(company: Twin, drain: Drain) -> None:
    company.add_tag(9, "班车", ["Wang"])
    company.retag(9, add=["li"], remove=["Wang"])
    drain()
    assert list(db.session.scalars(select(Tagging.person_id))) == [one("li").id]


def test_somebody_out_of_sight_stays_until_the_whole_directory_is_read(company: Twin, drain: Drain) -> None:
    """A visible range narrowed by mistake must not empty the company one by one."""
    company.agent.visible_departments[:] = [2]
    company.directory._forget()
    company.event("Wang", "unsubscribe")
    drain()
    assert one("wang").status == PersonStatus.ACTIVE


def state() -> list[Row]:
    db.session.expire_all()
    names = {p.id: p.userid for p in db.session.scalars(select(Person))}
    rows = db.session.execute(
        select(Person, Department.path).outerjoin(Department, Department.id == Person.department_id)
    ).all()
    return sorted((p.userid, p.name, p.status, path, names.get(p.superior_id or "")) for p, path in rows)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_doubled_events_ends_in_the_authoritative_reading(company: Twin, drain: Drain, seed: int) -> None:
    """R26: create, update, move, delete and departments, shuffled and doubled, with readings in between."""
    dice = random.Random(seed)
    company.habits.duplicates = 1
    company.postman._chance = random.Random(seed)
    with company.holding(shuffled=True):
        company.add_department("新部", department_id=5, parent=2)
        company.add_member("a", "甲", [5], direct_leaders=["b"])
        company.add_member("b", "乙", [2], direct_leaders=["Wang"])
        company.add_member("c", "丙", [2])
        company.move_member("c", [5], direct_leaders=["a"])
        company.update_member("a", name="甲某")
        company.remove_member("c")
        company.move_member("li", [5], direct_leaders=["a"])
        company.update_department(5, "新部门", parent=1)
    promises = list(db.session.scalars(select(Promise).where(Promise.kind.like("directory.%"))))
    dice.shuffle(promises)
    for place, promise in enumerate(promises):
        promise.priority = place
    settle(drain)
    assert [row for row in state() if row[0] != "c"] == [
        ("a", "甲某", "active", "/1/5/", "b"),
        ("b", "乙", "active", "/1/2/", "wang"),
        ("li", "李华", "active", "/1/5/", "a"),
        ("wang", "王总", "active", "/1/", None),
    ]
    assert all(row[2] == PersonStatus.INACTIVE for row in state() if row[0] == "c")
