"""Approved in part: a part only becomes less, and what a return takes back it takes back wholly."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from kit.errors import Invalid
from models.enums import FactKind, NodeKind, SignMode
from models.people import Person
from services import approvals, people, platform, wiring
from services.approvals import Chain, Decided, Fact, InstanceOut, Node
from templates_msg import Message
from tests.factories.approvals import HEAD, HR, SUPERIOR, Company, company, node, open_tasks, save_chain
from tests.support.clients import Someone

Api = Callable[..., Someone]


def some(_id: str, part: dict[str, Any], before: dict[str, Any] | None) -> str:
    if before and int(part["days"]) > int(before["days"]):
        raise Invalid(f"前面的审批人只同意 {before['days']} 天")
    return f"{part['days']} 天"


def offered(_id: str, before: dict[str, Any] | None) -> list[tuple[dict[str, Any], str]]:
    most = int(before["days"]) if before else 5
    return [({"days": str(days)}, f"{days} 天") for days in range(1, most)]


CAMP = Chain(nodes=(node("直接上级", SUPERIOR), node("部门负责人", HEAD), node("人事", HR)))
approvals.declare("camp", "露营", CAMP, {"days": Fact("天数", FactKind.NUMBER)}, some, offered)


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Decided]]:
    events: list[Decided] = []
    platform.connect({**wiring.REACTIONS, Decided: (events.append,)})
    yield events
    wiring.connect()


def camp(applicant: Person) -> InstanceOut:
    facts = {"applicant": "李雷", "subject": "露营", "title": "露营", "rows": [], "link": "/h5/approvals"}
    with platform.unit_of_work():
        message, days = Message("approvals/request", facts), {"days": Decimal(5)}
        return approvals.start("camp", applicant.id, people.by_id(applicant.id), days, message)


def approve(api: Api, userid: str, trip: InstanceOut, days: str | None = None, **more: Any) -> Any:
    said = {"decision": "approve", **({"part": {"days": days}} if days else {}), **more}
    return api(userid).post(f"/approvals/tasks/{open_tasks(trip)[userid].id}/decision", json=said)


def back(api: Api, userid: str, trip: InstanceOut, name: str) -> int:
    """Sends the request back to this step."""
    where = next(one["id"] for one in shown(api, userid, trip)["may_return_to"] if one["name"] == name)
    place = f"/approvals/tasks/{open_tasks(trip)[userid].id}/return"
    return api(userid).post(place, json={"to": where, "reason": "再看"}).status_code


def shown(api: Api, userid: str, trip: InstanceOut) -> Any:
    return api(userid).get(f"/approvals/instances/{trip.id}").json


def test_who_decides_later_agrees_to_less_and_never_to_more(staff: Company, api: Api, heard: list[Decided]) -> None:
    trip = camp(staff.li)
    assert approve(api, "lead", trip, "3").status_code == 200
    assert [one["title"] for one in shown(api, "chief", trip)["parts"]] == ["1 天", "2 天"]
    refused = approve(api, "chief", trip, "4")
    assert (refused.status_code, refused.json["title"]) == (422, "前面的审批人只同意 3 天")
    assert approve(api, "chief", trip, "2").status_code == 200
    approve(api, "hua", trip)
    assert [one.part for one in heard] == [{"days": "2"}]


def test_a_return_takes_back_the_part_of_the_step_that_decides_anew(
    staff: Company, api: Api, heard: list[Decided]
) -> None:
    trip = camp(staff.li)
    approve(api, "lead", trip, "3")
    before = shown(api, "chief", trip)["version"]
    assert back(api, "chief", trip, "直接上级") == 204
    now = shown(api, "lead", trip)
    assert (now["part"], now["version"]) == (None, before + 1)
    for userid in ("lead", "chief", "hua"):
        approve(api, userid, trip)
    assert [one.part for one in heard] == [None]


def test_what_still_stands_in_front_of_the_step_still_counts(staff: Company, api: Api, heard: list[Decided]) -> None:
    trip = camp(staff.li)
    approve(api, "lead", trip, "4")
    approve(api, "chief", trip, "2")
    assert back(api, "hua", trip, "部门负责人") == 204
    assert shown(api, "chief", trip)["part"] == {"days": "4"}
    assert approve(api, "chief", trip, "3").status_code == 200
    approve(api, "hua", trip)
    assert [one.part for one in heard] == [{"days": "3"}]


def test_a_return_that_changes_nothing_leaves_the_version(staff: Company, api: Api) -> None:
    trip = camp(staff.li)
    approve(api, "lead", trip, "4")
    approve(api, "chief", trip)
    before = shown(api, "hua", trip)["version"]
    back(api, "hua", trip, "部门负责人")
    assert shown(api, "chief", trip)["version"] == before


def test_those_asked_beside_see_that_more_is_left_again(staff: Company, api: Api, heard: list[Decided]) -> None:
    up, hr = (node("直接上级", SUPERIOR), node("部门负责人", HEAD)), (node("人事", HR, mode=SignMode.COUNTERSIGN),)
    save_chain(Node(name="并行", kind=NodeKind.PARALLEL, branches=(up, hr)), subject="camp")
    trip = camp(staff.li)
    approve(api, "lead", trip, "3")
    old = open_tasks(trip)["hua"]
    assert back(api, "chief", trip, "直接上级") == 204
    late = api("hua").post(f"/approvals/tasks/{old.id}/decision", json={"decision": "approve"})
    assert (late.status_code, late.json["title"]) == (409, "内容已变化，请刷新")
    for userid in ("hua", "hong", "lead", "chief"):
        assert approve(api, userid, trip).status_code == 200
    assert [one.part for one in heard] == [None]


def test_one_may_send_back_within_ones_own_branch_but_not_into_another(staff: Company, api: Api) -> None:
    up = (node("直接上级", SUPERIOR), node("部门负责人", HEAD))
    beside = (Node(name="人事", approvers=(HR,)), Node(name="老板", approvers=(HEAD.model_copy(update={"level": 2}),)))
    save_chain(Node(name="并行", kind=NodeKind.PARALLEL, branches=(up, beside)), subject="camp")
    trip = camp(staff.li)
    approve(api, "lead", trip)
    approve(api, "hua", trip)
    assert [one["name"] for one in shown(api, "chief", trip)["may_return_to"]] == ["直接上级"]
    assert back(api, "chief", trip, "直接上级") == 204
    assert set(open_tasks(trip)) == {"lead", "boss"}
