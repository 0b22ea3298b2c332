"""Colleagues give each other shifts: offered on the phone, taken by one who may, agreed to where rules ask for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kit.ids import new_id
from models.base import db
from models.enums import OfferState
from models.people import Department, Person
from models.rosters import RosterCell, ShiftOffer
from models.schedule import ShiftRow
from services import platform, rosters, schedule
from tests.factories import people as make
from tests.factories import rosters as planned
from tests.factories import schedule as shifting
from tests.factories.rosters import NEXT_MONDAY, SYSTEM
from tests.support.clients import Someone

Ways = Callable[..., Someone]
TUESDAY = NEXT_MONDAY + timedelta(days=1)


@dataclass
class Shop:
    """Three people of a shop with a published roster of three days."""

    dept: Department
    people: dict[str, Person]
    shifts: dict[str, ShiftRow]
    roster_id: str


@pytest.fixture
def shop(app: Flask) -> Shop:
    dept = make.department("门店")
    boss = make.person("boss", "王店长", dept=dept, leads=True)
    staff = {userid: make.person(userid, name, superior=boss, dept=dept)
             for userid, name in (("li", "李雷"), ("han", "韩梅"), ("lin", "林涛"))}  # fmt: skip
    shifts = {"e": shifting.shift("早班", ((480, 720), (780, 1020))), "n": shifting.shift("夜班", ((1320, 1800),))}
    roster_id = planned.begun(dept, 3)
    lines = {"li": "ee-", "han": "---", "lin": "n--"}
    planned.filled(roster_id, shifts, **{who: (staff[who], line) for who, line in lines.items()})
    planned.published(roster_id)
    return Shop(dept, staff, shifts, roster_id)


def offered(way: Someone, day: object = TUESDAY) -> str:
    answer = way.post("/rosters/offers", json={"day": str(day)})
    assert answer.status_code == 204, answer.text
    return str(db.session.scalars(select(ShiftOffer.id).order_by(ShiftOffer.id.desc())).first())


def works(person: Person, day: object = TUESDAY) -> str | None:
    plan = schedule.day(person.id, day)  # type: ignore[arg-type]
    return plan.shift.name if plan.is_working else None


def test_a_shift_goes_to_the_colleague_who_takes_it(shop: Shop, api: Ways) -> None:
    offer_id = offered(api("li"))
    assert [one["giver"] for one in api("han").get("/rosters/mine").json["open"]] == ["李雷"]
    assert api("han").post(f"/rosters/offers/{offer_id}/take").status_code == 204
    assert (works(shop.people["li"]), works(shop.people["han"])) == (None, "早班")
    cell = db.session.get_one(RosterCell, (shop.roster_id, shop.people["han"].id, TUESDAY))
    assert cell.shift_id == shop.shifts["e"].id  # the manager's grid says so too
    assert api("lin").post(f"/rosters/offers/{offer_id}/take").status_code == 409
    assert [one["state"] for one in api("li").get("/rosters/mine").json["mine"]] == ["done"]


def test_who_comes_from_a_night_is_not_offered_the_morning(shop: Shop, api: Ways) -> None:
    offer_id = offered(api("li"))
    assert api("lin").get("/rosters/mine").json["open"] == []
    refused = api("lin").post(f"/rosters/offers/{offer_id}/take")
    assert (refused.status_code, "只休息 2 小时" in refused.json["title"]) == (409, True)
    assert works(shop.people["li"]) == "早班"


def test_nobody_takes_a_second_shift_on_a_day(shop: Shop, api: Ways) -> None:
    offer_id = offered(api("li"), NEXT_MONDAY)
    refused = api("lin").post(f"/rosters/offers/{offer_id}/take")
    assert (refused.status_code, "您自己有班" in refused.json["title"]) == (409, True)


def test_an_offer_is_made_once_and_taken_back(shop: Shop, api: Ways) -> None:
    offer_id = offered(api("li"))
    assert api("li").post("/rosters/offers", json={"day": str(TUESDAY)}).status_code == 409
    assert api("han").post(f"/rosters/offers/{offer_id}/withdraw").status_code == 404
    assert api("li").post(f"/rosters/offers/{offer_id}/withdraw").status_code == 204
    assert api("han").post(f"/rosters/offers/{offer_id}/take").status_code == 409
    offered(api("li"))


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-11", "2026-04-20"])
def test_only_a_rostered_shift_to_come_is_offered(shop: Shop, api: Ways, day: str) -> None:
    assert api("li").post("/rosters/offers", json={"day": day}).status_code == 409


def test_strangers_see_and_take_nothing(shop: Shop, api: Ways) -> None:
    make.person("other", dept=make.department("别店"))
    offer_id = offered(api("li"))
    assert api("other").get("/rosters/mine").json["open"] == []
    assert api("other").post(f"/rosters/offers/{offer_id}/take").status_code == 404


def _with_approval(shop: Shop) -> None:
    with platform.unit_of_work():
        rosters.keep(SYSTEM, rosters.PolicyWish(department_id=shop.dept.id, offers_need_approval=True))


@pytest.mark.parametrize(("decision", "state", "worked"), [("approve", "done", None), ("reject", "open", "早班")])
def test_where_the_rules_ask_the_superior_decides(
    shop: Shop, api: Ways, decision: str, state: str, worked: str | None
) -> None:
    _with_approval(shop)
    offer_id = offered(api("li"))
    assert api("han").post(f"/rosters/offers/{offer_id}/take").status_code == 204
    assert works(shop.people["li"]) == "早班"
    (task,) = api("boss").get("/approvals/tasks").json["items"]
    body = {"decision": decision, "comment": "人手安排"}
    task_id = task.get("task_id") or task["id"]
    answer = api("boss").post(f"/approvals/tasks/{task_id}/decision", json=body)
    assert answer.status_code == 200, answer.text
    row = db.session.get_one(ShiftOffer, offer_id, populate_existing=True)
    assert (row.state, works(shop.people["li"])) == (OfferState(state), worked)


def test_the_phone_shows_my_weeks_and_the_offers(shop: Shop, h5: Ways) -> None:
    li, han = h5("li"), h5("han")
    assert "早班" in li.get("/rosters").text
    sent = {"day": str(TUESDAY), "_key": new_id()}
    assert li.post("/rosters/offers", data=sent).status_code == 303
    assert "等人接" in li.get("/rosters").text
    page = han.get("/rosters").text
    assert "同事转让" in page
    assert "李雷" in page
