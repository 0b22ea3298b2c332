"""The twin's own leave: amounts in seconds, refused where WeCom refuses, editable on the page."""

import pytest
from werkzeug.test import Client

from simulator import create_app

DAY, HOUR = 86_400, 3_600
SET = {"userid": "lihua", "vacation_id": 1, "leftduration": 5 * DAY, "time_attr": 0, "remarks": "人事系统"}


@pytest.fixture
def office(twin):
    twin.world.office.vacations = [{"id": 1, "name": "年假", "time_attr": 0}, {"id": 2, "name": "调休", "time_attr": 1}]
    twin.set_vacation("LiHua", 1, 10 * DAY, 3 * DAY)
    return twin.world.office


def quotas(api, userid="lihua"):
    rows = api.post("oa/vacation/getuservacationquota", {"userid": userid})["lists"]
    return {row["vacationname"]: (row["assignduration"], row["usedduration"], row["leftduration"]) for row in rows}


def test_the_configuration_is_told_as_it_is(api, office):
    assert api.call("oa/vacation/getcorpconf")["lists"] == office.vacations


def test_what_remains_is_written_and_what_was_used_stays(api, office):
    assert quotas(api) == {"年假": (10 * DAY, 3 * DAY, 7 * DAY), "调休": (0, 0, 0)}
    assert api.post("oa/vacation/setoneuserquota", SET)["errcode"] == 0
    hours = {"userid": "lihua", "vacation_id": 2, "leftduration": 360, "time_attr": 1}
    assert api.post("oa/vacation/setoneuserquota", hours)["errcode"] == 0
    assert quotas(api) == {"年假": (8 * DAY, 3 * DAY, 5 * DAY), "调休": (360, 0, 360)}


def test_leave_taken_there_counts_as_used(api, twin, office):
    twin.take_vacation("lihua", 1, DAY // 2)
    assert quotas(api)["年假"] == (10 * DAY, 3.5 * DAY, 6.5 * DAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"leftduration": 100},
        {"leftduration": -8640},
        {"leftduration": 8640.0},
        {"leftduration": True},
        {"leftduration": "8640"},
        {"leftduration": None},
        {"leftduration": 1000 * DAY + 8640},
        {"vacation_id": 2, "time_attr": 1, "leftduration": 180},
        {"vacation_id": 2, "time_attr": 1, "leftduration": 24_000 * HOUR + 360},
        {"time_attr": 1},
        {"time_attr": None},
        {"vacation_id": 9},
        {"vacation_id": "1"},
        {"remarks": "假" * 201},
        {"remarks": 5},
    ],
)
def test_a_broken_parameter_is_refused_and_changes_nothing(api, office, wrong):
    assert api.post("oa/vacation/setoneuserquota", {**SET, **wrong})["errcode"] == 301063
    assert quotas(api)["年假"] == (10 * DAY, 3 * DAY, 7 * DAY)


def test_a_kind_holds_for_the_departments_of_its_scope(api, office):
    office.vacation_scopes[1] = [3]
    assert (list(quotas(api)), list(quotas(api, "zhaoliu"))) == (["调休"], ["年假", "调休"])
    assert api.post("oa/vacation/setoneuserquota", SET)["errcode"] == 301098
    assert api.post("oa/vacation/setoneuserquota", {**SET, "userid": "zhaoliu"})["errcode"] == 0


def test_strangers_and_people_out_of_sight_have_nothing_to_read(api, twin, office):
    twin.agent.visible_departments = [2]
    for userid, code in (("nobody", 60111), ("wangwu", 60011)):
        assert api.post("oa/vacation/getuservacationquota", {"userid": userid})["errcode"] == code
        assert api.post("oa/vacation/setoneuserquota", {**SET, "userid": userid})["errcode"] == code


def test_an_application_that_is_not_listed_may_not_call(api, twin, office):
    twin.agent.may = ["checkin"]
    assert api.post("oa/vacation/setoneuserquota", SET)["errcode"] == 301062


def test_amounts_are_edited_on_the_page_in_their_own_unit(api, twin, office):
    browser = Client(create_app(twin, "http://hr.test"))
    assert "企业微信里的假期" in browser.get("/", query_string={"as": "lihua"}).text
    form = {"userid": "LiHua", "vacation": "2", "assigned": "8.5", "used": "1"}
    assert "已改" in browser.post("/vacation", data=form).text
    assert quotas(api)["调休"] == (int(8.5 * HOUR), HOUR, int(7.5 * HOUR))


@pytest.mark.parametrize(
    "wrong",
    [{"vacation": "9"}, {"vacation": "x"}, {"assigned": "many"}, {"used": "-1"}, {"used": "Infinity"}, {"userid": "?"}],
)
def test_an_unusable_form_changes_nothing(api, twin, office, wrong):
    browser = Client(create_app(twin, "http://hr.test"))
    form = {"userid": "LiHua", "vacation": "1", "assigned": "1", "used": "0"}
    assert browser.post("/vacation", data={**form, **wrong}).status_code == 422
    assert quotas(api)["年假"] == (10 * DAY, 3 * DAY, 7 * DAY)
