"""Approved leave in WeCom's calendars: written with the approval, changed and taken back with it, discreet."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from kit import clock
from models.enums import Gender
from models.people import Person
from services import approvals, people, platform
from services.approvals import Decide
from simulator.twin import Twin
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
Drain = Callable[[], int]


@pytest.fixture
def li(app: Flask, twin: Twin) -> Person:
    """Li, Wang who decides, Han who may cover: all are members of the twin; entries are switched on."""
    for userid, name in (("lilei", "李雷"), ("wangwu", "王五"), ("hanmeimei", "韩梅梅")):
        twin.add_member(userid, name)
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    make.person("hanmeimei", "韩梅梅", superior=wang, dept=team)
    person = make.person("lilei", "李雷", superior=wang, dept=team, gender=Gender.MALE)
    grants.lot(person, 9)
    switch(app, on=True)
    return person


def switch(app: Flask, *, on: bool) -> None:
    client = app.extensions["wecom"]
    client._settings = client._settings.model_copy(update={"leave_in_calendar": on})
    vars(client).pop("schedule", None)


def decide() -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.MineQuery()).items
        approvals.decide(wang, task.id, Decide(decision="approve"))


def approved(me: Someone, first: str, last: str, **more: Any) -> str:
    made = me.post("/leave/requests", json={"kind": "annual", "first_day": first, "last_day": last, **more})
    assert made.status_code == 201, made.json
    decide()
    return str(made.json["id"])


def entries(twin: Twin) -> list[tuple[str, str, str, str]]:
    """Whose, what, from when, until when, in company time."""
    return sorted(
        (one["attendees"][0]["userid"], one["summary"], local(one["start_time"]), local(one["end_time"]))
        for one in twin.world.office.schedules.values()
    )


def local(stamp: int) -> str:
    return clock.datetime.fromtimestamp(stamp, clock.COMPANY_ZONE).strftime("%m-%d %H:%M")


def test_it_is_written_changed_and_taken_back_with_the_leave(li: Person, api: Ways, twin: Twin, drain: Drain) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-17")
    assert entries(twin) == [], "only once it is promised and kept"
    drain()
    assert entries(twin) == [("lilei", "年假", "03-09 00:00", "03-17 23:59")]
    part = {"reason": "开会", "days": ["2026-03-11", "2026-03-13 am"]}
    me.post(f"/leave/requests/{made}/cancel", json=part)
    decide()
    drain()
    assert entries(twin) == [
        ("lilei", "年假", "03-09 00:00", "03-10 23:59"),
        ("lilei", "年假", "03-12 00:00", "03-12 23:59"),
        ("lilei", "年假", "03-13 13:00", "03-13 18:00"),
        ("lilei", "年假", "03-16 00:00", "03-17 23:59"),
    ]
    me.post(f"/leave/requests/{made}/cancel", json={"reason": "不休了"})
    decide()
    drain()
    assert entries(twin) == []


def test_other_days_replace_the_entry(li: Person, api: Ways, twin: Twin, drain: Drain) -> None:
    me = api("lilei")
    old = approved(me, "2026-03-09", "2026-03-09")
    drain()
    approved(me, "2026-03-10", "2026-03-10", replaces=old)
    drain()
    assert entries(twin) == [("lilei", "年假", "03-10 00:00", "03-10 23:59")]


def test_who_covers_is_told_no_kind(li: Person, api: Ways, twin: Twin, drain: Drain) -> None:
    made = approved(api("lilei"), "2026-03-09", "2026-03-09", cover="hanmeimei")
    drain()
    assert [whose for whose, *_ in entries(twin)] == ["lilei"]
    assert api("hanmeimei").post(f"/leave/covers/{made}", json={"accepts": True}).status_code == 200
    drain()
    assert entries(twin)[0][:2] == ("hanmeimei", "代班：李雷请假")


def test_a_sensitive_kind_is_not_named(li: Person, api: Ways, twin: Twin, drain: Drain) -> None:
    grants.edit("annual", is_sensitive=True)
    approved(api("lilei"), "2026-03-09", "2026-03-09", to_half="am")
    drain()
    assert entries(twin) == [("lilei", "请假", "03-09 09:00", "03-09 12:00")]


def test_an_entry_that_its_owner_deleted_stops_nothing(li: Person, api: Ways, twin: Twin, drain: Drain) -> None:
    me = api("lilei")
    made = approved(me, "2026-03-09", "2026-03-09")
    drain()
    twin.world.office.schedules.clear()
    me.post(f"/leave/requests/{made}/cancel", json={"reason": "不休了"})
    decide()
    drain()
    me.post("/leave/requests", json={"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-09"})
    decide()
    drain()
    assert len(entries(twin)) == 1


def test_nothing_is_written_while_it_is_off(li: Person, app: Flask, api: Ways, twin: Twin, drain: Drain) -> None:
    switch(app, on=False)
    approved(api("lilei"), "2026-03-09", "2026-03-09")
    drain()
    assert entries(twin) == []
