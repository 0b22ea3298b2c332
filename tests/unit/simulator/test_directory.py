"""An application sees its visible range and no personal field; edits reach the product as events."""

import pytest

from simulator.xml import read


def test_the_tree_and_its_leaders_are_listed(api):
    rows = {d["id"]: d for d in api.call("department/list")["department"]}
    assert rows[4]["parentid"] == 3
    assert rows[2]["department_leader"] == ["LiHua"]
    assert [d["id"] for d in api.call("department/list", id=3)["department"]] == [3, 4]
    assert api.call("department/list", id=99)["errcode"] == 60003
    assert set(api.call("department/simplelist")["department_id"][0]) == {"id", "parentid", "order"}


def test_a_member_is_found_in_any_case_and_shown_in_their_own(api):
    member = api.call("user/get", userid="LIHUA")
    assert member["userid"] == "LiHua"
    assert (member["department"], member["is_leader_in_dept"]) == ([2], [1])
    assert api.call("user/get", userid="nobody")["errcode"] == 60111


def test_recent_applications_receive_no_personal_field(api, twin):
    assert "mobile" not in api.call("user/get", userid="lihua")
    assert api.call("user/get", userid="lihua")["gender"] == "0"
    twin.agent.recent = False
    assert api.call("user/get", userid="lihua")["mobile"] == "19900000001"


def test_lists_hold_one_department_only(api):
    assert [m["userid"] for m in api.call("user/simplelist", department_id=3)["userlist"]] == ["wangwu", "both"]
    assert api.call("user/list", department_id=2)["userlist"][1]["direct_leader"] == ["LiHua"]


def test_the_visible_range_hides_departments_members_and_superiors(api, twin):
    twin.agent.visible_departments = [3]
    assert [d["id"] for d in api.call("department/list")["department"]] == [3, 4]
    assert api.call("user/get", userid="lihua")["errcode"] == 60011
    assert api.call("user/list", department_id=2)["errcode"] == 60011
    assert api.call("user/get", userid="both")["department"] == [3]


def test_ids_alone_come_a_page_at_a_time_and_once_for_each_membership(api):
    sync = api.token("sync-secret")
    first = api.post("user/list_id", {"limit": 4}, access_token=sync)
    rest = api.post("user/list_id", {"limit": 4, "cursor": first["next_cursor"]}, access_token=sync)
    rows = first["dept_user"] + rest["dept_user"]
    assert rest["next_cursor"] == ""
    assert [r["department"] for r in rows if r["userid"] == "both"] == [2, 3]


def test_a_tag_may_hold_departments(api):
    assert api.call("tag/list")["taglist"] == [{"tagid": 7, "tagname": "门店和李华"}]
    tag = api.call("tag/get", tagid=7)
    assert ([u["userid"] for u in tag["userlist"]], tag["partylist"]) == (["LiHua"], [4])


def test_a_member_is_found_by_mobile(api):
    assert api.post("user/getuserid", {"mobile": "19900000001"})["userid"] == "LiHua"
    assert api.post("user/getuserid", {"mobile": "1"})["errcode"] == 46004


def events(product, twin):
    """What the product heard, opened: (address, fields)."""
    found = []
    for url, _, body in product.heard:
        agent = next(a for a in twin.world.agents if a.callback_url == url)
        found.append((agent.name, read(twin.postman.seal(agent).decrypt(read(body)["Encrypt"]))))
    return found


def test_joining_tells_contact_sync_and_the_application(product, twin):
    twin.add_member("new", "新人", [4], mobile="19900000009", direct_leaders=["wangwu"])
    (where, change), (app, seen) = events(product, twin)
    assert (where, change["ChangeType"], change["UserID"], change["Department"]) == (
        "contacts",
        "create_user",
        "new",
        "4",
    )
    assert (change["DirectLeader"], change["IsLeaderInDept"], change["Mobile"]) == ("wangwu", "0", "19900000009")
    assert (app, seen["Event"], seen["FromUserName"]) == ("hr", "subscribe", "new")


def test_moving_carries_only_what_changed(product, twin):
    twin.move_member("hanmei", [3, 4])
    ((_, change),) = events(product, twin)
    assert (change["ChangeType"], change["Department"], change["MainDepartment"]) == ("update_user", "3,4", "3")
    assert "Name" not in change


def test_leaving_frees_every_place_the_member_held(product, twin, api):
    twin.remove_member("lihua")
    (_, change), (_, seen) = events(product, twin)
    assert (change["ChangeType"], seen["Event"], seen["FromUserName"]) == ("delete_user", "unsubscribe", "LiHua")
    assert api.call("user/get", userid="hanmei")["direct_leader"] == []
    assert api.call("department/get", id=2)["department"]["department_leader"] == []


def test_a_rename_keeps_the_chat_and_names_both_ids(product, twin, api):
    api.send("lihua", "text", {"content": "早"})
    twin.rename_member("lihua", "li.hua")
    ((_, change),) = events(product, twin)
    assert (change["UserID"], change["NewUserID"]) == ("LiHua", "li.hua")
    assert twin.chat("li.hua")[0].text == "早"


def test_departments_and_tags_have_their_events(product, twin):
    fresh = twin.add_department("新店", parent=3)
    twin.update_department(fresh.id, name="旗舰店")
    twin.remove_department(fresh.id)
    twin.retag(7, add=["wangwu"], remove=["LiHua"])
    kinds = [fields["ChangeType"] for _, fields in events(product, twin)]
    assert kinds == ["create_party", "update_party", "delete_party", "update_tag"]


def test_impossible_edits_are_refused_and_change_nothing(product, twin):
    with pytest.raises(ValueError, match="不分大小写"):
        twin.add_member("LIHUA", "又一个")
    with pytest.raises(ValueError, match="没有编号"):
        twin.move_member("lihua", [99])
    with pytest.raises(ValueError, match="自己的下级"):
        twin.update_department(3, parent=4)
    with pytest.raises(ValueError, match="没有成员"):
        twin.remove_department(2)
    assert twin.directory.member("lihua").departments == [2]
    assert product.heard == []


def test_without_contact_sync_the_application_hears_changes_without_personal_fields(product, twin):
    twin.agent_named("contacts").callback_url = ""
    twin.add_member("new", "新人", [4], mobile="19900000009")
    where, change = events(product, twin)[0]
    assert (where, change["Name"]) == ("hr", "新人")
    assert "Mobile" not in change


def test_a_finished_bulk_job_is_told(product, twin):
    twin.batch_job_result("job-1", "export_user")
    ((_, fields),) = events(product, twin)
    assert (fields["Event"], fields["BatchJob"]["JobType"], fields["BatchJob"]["ErrCode"]) == (
        "batch_job_result",
        "export_user",
        "0",
    )
