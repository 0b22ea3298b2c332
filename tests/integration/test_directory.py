"""The directory follows WeCom: read through the client from the twin, applied to our tables."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from entrypoints import directory
from kit import clock
from models.base import db
from models.enums import AudienceKind, PersonStatus, Role
from models.people import Department, LoginSession, Membership, Person
from services import people, platform
from services.people.directory import MemberTold
from services.people.rules import SuspiciousSnapshot
from simulator import Twin
from tests.factories.people import person
from tests.support.events import heard

Drain = Callable[[], int]
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def company(twin: Twin) -> Twin:
    """Three departments, five people; Wang leads everybody, Chen leads development, Li and Zhao work for Chen."""
    with twin.quiet():
        twin.add_department("研发部", department_id=2)
        twin.add_department("前端组", parent=2, department_id=3)
        twin.add_member("Wang", "王总", [1], leads=[1], position="总经理")
        twin.add_member("chen", "陈晨", [2], leads=[2], direct_leaders=["Wang"], mobile="13800000001")
        twin.add_member("li", "李华", [3], direct_leaders=["chen"], position="工程师")
        twin.add_member("zhao", "赵云", [2, 3], main_department=3, direct_leaders=["chen"])
        twin.add_member("sun", "孙未", [2], status=4)
        twin.add_tag(7, "党员", ["li"], [2])
    return twin


def sync(app: Flask, **options: bool) -> people.directory.Synced:
    done = directory.sync(app.extensions["wecom"], **options)
    db.session.expire_all()
    return done


def one(userid: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.userid == userid)).one()


def test_a_first_reading_brings_tree_people_leaders_superiors_and_tags(app: Flask, company: Twin) -> None:
    assert sync(app) == people.directory.Synced(people=5, joined=5, left=0, moved=0)
    tree = {d.wecom_id: d.path for d in db.session.scalars(select(Department))}
    assert tree == {1: "/1/", 2: "/1/2/", 3: "/1/2/3/"}
    li, chen, wang, zhao = one("li"), one("chen"), one("wang"), one("zhao")
    assert (li.superior_id, chen.superior_id, wang.superior_id) == (chen.id, wang.id, None)
    assert [p.is_manager for p in (wang, chen, li, zhao)] == [True, True, False, False]
    assert (li.name, li.position, people.get(zhao.id).department_name) == ("李华", "工程师", "前端组")
    leads = {(m.person_id, m.department_id) for m in db.session.scalars(select(Membership).where(Membership.is_leader))}
    assert leads == {(wang.id, wang.department_id), (chen.id, chen.department_id)}


def test_reading_again_changes_nothing(app: Flask, company: Twin) -> None:
    sync(app)
    before = [(p.id, p.superior_id, p.department_id, p.is_manager) for p in db.session.scalars(select(Person))]
    assert sync(app) == people.directory.Synced(people=5, joined=0, left=0, moved=0)
    assert before == [(p.id, p.superior_id, p.department_id, p.is_manager) for p in db.session.scalars(select(Person))]


def test_a_tag_reaches_its_members_and_everybody_below_its_departments(app: Flask, company: Twin) -> None:
    sync(app)
    tag_id = next(iter(people.tag_names()))
    reached = set(db.session.scalars(people.audience(AudienceKind.TAG, tag_id)))
    assert reached == {one(userid).id for userid in ("li", "chen", "zhao", "sun")}


def test_who_is_gone_becomes_inactive_loses_sessions_and_roles_and_is_told_of(app: Flask, company: Twin) -> None:
    sync(app)
    li = one("li")
    with platform.unit_of_work():
        people.grants.grant(people.System("test"), li.id, people.grants.GrantWish(role=Role.HR))
        people.sessions.open_session(people.by_id(li.id), "h5")
    with company.quiet():
        company.remove_member("li")
    with heard(people.Left) as left:
        assert sync(app).left == 1
    assert left == [people.Left(li.id)]
    assert (one("li").status, one("li").left_on) == (PersonStatus.INACTIVE, clock.today())
    assert db.session.scalar(select(LoginSession.id)) is None
    assert people.grants.of_person(li.id) == []
    assert one("chen").is_manager  # Zhao still reports to Chen


def test_a_reading_that_would_empty_the_company_is_refused(app: Flask, company: Twin) -> None:
    sync(app)
    with company.quiet():
        for userid in ("li", "zhao", "sun"):
            company.remove_member(userid)
    with pytest.raises(SuspiciousSnapshot):
        sync(app)
    assert one("li").status == PersonStatus.ACTIVE
    assert sync(app, is_trusted=True).left == 3


def test_moving_is_told_once_with_the_new_place(app: Flask, company: Twin) -> None:
    sync(app)
    with company.quiet():
        company.move_member("li", [1], direct_leaders=["Wang"])
    with heard(people.Moved) as moved:
        assert sync(app).moved == 1
    assert moved == [people.Moved(one("li").id, one("wang").department_id, one("wang").id)]


def test_what_wecom_does_not_tell_is_not_blanked(app: Flask) -> None:
    li = person("li", "李华", position="工程师", employee_number="E1")
    with platform.unit_of_work():
        people.directory.sync_member(MemberTold("LI"), clock.now())
    assert (one("li").name, one("li").position, one("li").employee_number) == ("李华", "工程师", "E1")
    assert one("li").id == li.id


def test_a_superior_who_comes_later_is_found_then(app: Flask, company: Twin, drain: Drain) -> None:
    for userid in ("li", "chen", "Wang"):
        directory.read_member(app.extensions["wecom"], {"userid": userid})
    assert one("li").superior_id == one("chen").id
    assert one("chen").is_manager
    assert people.get(one("li").id).department_name == "前端组"


def test_an_older_reading_never_wins(app: Flask) -> None:
    now = clock.now()
    for told, at in ((MemberTold("li", "新名"), now), (MemberTold("li", "旧名"), now - timedelta(seconds=1))):
        with platform.unit_of_work():
            people.directory.sync_member(told, at)
    with platform.unit_of_work():
        people.directory.member_gone("li", now - timedelta(seconds=1))
    assert (one("li").name, one("li").status) == ("新名", PersonStatus.ACTIVE)


def test_coming_back_makes_active_again_without_the_old_roles(app: Flask, company: Twin) -> None:
    sync(app)
    with platform.unit_of_work():
        people.grants.grant(people.System("test"), one("li").id, people.grants.GrantWish(role=Role.ADMIN))
        people.directory.member_gone("li", clock.now())
    with heard(people.Joined) as joined:
        sync(app)
    assert joined == [people.Joined(one("li").id)]
    assert (one("li").left_on, people.grants.of_person(one("li").id)) == (None, [])


def test_a_renamed_userid_keeps_its_history(app: Flask, company: Twin) -> None:
    sync(app)
    li = one("li").id
    with platform.unit_of_work():
        people.directory.rename("li", "lihua")
    assert one("lihua").id == li


def test_a_member_met_nowhere_is_asked_for_by_name(app: Flask, company: Twin) -> None:
    """Somebody who moved while the tree was walked must not be taken for gone."""
    sync(app)
    snapshot = directory.read(app.extensions["wecom"], ["ghost", "li"])
    assert sorted(told.userid for told in snapshot.members) == ["Wang", "chen", "li", "sun", "zhao"]


def test_the_statements_of_a_reading_do_not_grow_with_the_company(app: Flask, statements: list[str]) -> None:
    def reading(count: int) -> int:
        members = tuple(MemberTold(f"u{n}", f"员工{n}", (1,)) for n in range(count))
        snapshot = people.directory.Snapshot(clock.now(), (people.directory.DepartmentTold(1, "公司", 0),), members)
        statements.clear()
        with heard(), platform.unit_of_work():
            people.directory.sync(snapshot)
        return len(statements)

    small = reading(4)
    assert reading(400) <= small + 2
