"""Check-in and approval in their own units, within the visible range."""

from datetime import UTC, datetime

import pytest

from kit import clock
from simulator.xml import read

MONDAY = 1772380800  # 2026-03-02 00:00 in Shanghai
DAY = 86400


@pytest.fixture
def span():
    return {"opencheckindatatype": 3, "starttime": MONDAY, "endtime": MONDAY + DAY, "useridlist": ["lihua", "wangwu"]}


def test_punches_are_read_by_kind_span_and_person(api, twin, span):
    twin.punch("LiHua", "上班打卡", MONDAY + 32400, lat=31230416, lng=121473701)
    twin.punch("LiHua", "外出打卡", MONDAY + 50000)
    twin.punch("LiHua", "上班打卡", MONDAY + 5 * DAY)
    twin.punch("hanmei", "上班打卡", MONDAY + 32400)
    rows = api.post("checkin/getcheckindata", span)["checkindata"]
    assert [(r["checkin_type"], r["lat"]) for r in rows] == [("上班打卡", 31230416), ("外出打卡", 0)]
    assert len(api.post("checkin/getcheckindata", {**span, "opencheckindatatype": 2})["checkindata"]) == 1


def test_people_out_of_range_are_left_out(api, twin, span):
    twin.punch("wangwu", "上班打卡", MONDAY)
    twin.agent.visible_departments = [2]
    assert api.post("checkin/getcheckindata", span)["checkindata"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"useridlist": []}, 301023),
        ({"useridlist": ["u"] * 101}, 301023),
        ({"endtime": MONDAY + 31 * DAY}, 301024),
        ({"starttime": "soon"}, 40035),
        ({"opencheckindatatype": 4}, 40035),
    ],
)
def test_check_in_limits(api, span, wrong, code):
    assert api.post("checkin/getcheckindata", {**span, **wrong})["errcode"] == code


def test_punches_of_other_systems_are_entered_all_or_none(api, span):
    record = {"userid": "lihua", "checkin_time": MONDAY + 100, "location_title": "门", "location_detail": "一楼"}
    record |= {"device_type": 1, "device_detail": "门禁"}
    assert api.post("checkin/add_checkin_record", {"records": [record, {"userid": "lihua"}]})["errcode"] == 40035
    assert api.post("checkin/add_checkin_record", {"records": [record]})["errcode"] == 0
    (row,) = api.post("checkin/getcheckindata", span)["checkindata"]
    assert row["location_detail"] == "一楼"


def test_a_correction_enters_the_due_punch(api, span):
    body = {
        "userid": "lihua",
        "schedule_date_time": MONDAY,
        "schedule_checkin_time": 64800,
        "checkin_time": MONDAY + 64900,
    }
    assert api.post("checkin/punch_correction", body)["errcode"] == 0
    (row,) = api.post("checkin/getcheckindata", span)["checkindata"]
    assert (row["checkin_type"], row["sch_checkin_time"]) == ("下班打卡", MONDAY + 64800)
    assert api.post("checkin/punch_correction", {"userid": "lihua"})["errcode"] == 301080


def test_each_person_has_the_rule_of_their_department(api, twin):
    twin.world.office.rules = [{"groupid": 1, "grouptype": 1, "range": {"partyid": [2]}}]
    body = {"datetime": MONDAY, "useridlist": ["lihua", "wangwu"]}
    assert api.post("checkin/getcheckinoption", body)["info"] == [
        {"userid": "LiHua", "group": {"groupid": 1, "grouptype": 1}}
    ]
    assert api.post("checkin/getcorpcheckinoption")["group"][0]["range"] == {"partyid": [2]}


CONTROL = {"property": {"control": "Text", "id": "Text-1", "require": 1}}


@pytest.fixture
def filed(api, twin):
    """An application that Li Hua is to decide."""
    twin.world.office.templates["tpl"] = {"template_names": [], "template_content": {"controls": [CONTROL]}}
    body = {
        "creator_userid": "hanmei",
        "template_id": "tpl",
        "use_template_approver": 0,
        "process": {"node_list": [{"type": 1, "apv_rel": 2, "userid": ["LiHua"]}]},
        "apply_data": {"contents": [{"control": "Text", "id": "Text-1", "value": {"text": "事由"}}]},
        "summary_list": [{"summary_info": [{"text": "请假", "lang": "zh_CN"}]}],
    }
    with clock.frozen(datetime.fromtimestamp(MONDAY + 3600, UTC)):
        return body, api.post("oa/applyevent", body)["sp_no"]


def test_an_application_is_filed_found_and_read(api, filed):
    _, sp_no = filed
    assert int(sp_no) > 2**53
    asked = {"starttime": str(MONDAY), "endtime": str(MONDAY + DAY), "new_cursor": "", "size": 1}
    found = api.post("oa/getapprovalinfo", {**asked, "filters": [{"key": "creator", "value": "hanmei"}]})
    assert found["sp_no_list"] == [sp_no]
    assert "new_next_cursor" not in found
    info = api.post("oa/getapprovaldetail", {"sp_no": sp_no})["info"]
    assert (info["sp_status"], info["sp_record"][0]["details"][0]["approver"]["userid"]) == (1, "LiHua")


def test_a_decision_is_told(product, twin, filed):
    twin.decide_approval(filed[1], "LiHua", agree=True, speech="好")
    _, _, body = product.heard[-1]
    fields = read(twin.postman.seal(twin.agent).decrypt(read(body)["Encrypt"]))
    info = fields["ApprovalInfo"]
    assert (fields["Event"], fields["AgentID"]) == ("sys_approval_change", "3010040")
    assert (info["SpNo"], info["SpStatus"], info["StatuChangeEvent"]) == (filed[1], "2", "2")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"template_id": "other"}, 301026),
        ({"creator_userid": "nobody"}, 60111),
        ({"apply_data": {"contents": []}}, 301025),
        ({"process": {}}, 301025),
        ({"summary_list": []}, 301025),
        ({"use_template_approver": 2}, 301025),
    ],
)
def test_unfit_applications_are_refused(api, filed, wrong, code):
    assert api.post("oa/applyevent", {**filed[0], **wrong})["errcode"] == code


def test_a_span_is_at_most_thirty_one_days(api):
    assert api.post("oa/getapprovalinfo", {"starttime": "0", "endtime": str(32 * DAY)})["errcode"] == 301112
