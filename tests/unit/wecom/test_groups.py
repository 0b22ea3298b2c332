"""The other interfaces: directory, media, menu, page signatures, WeCom's own office applications."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import wecom
from kit import clock
from tests.support import settings
from tests.support.wire import Page, Wire, client
from wecom import InvalidMessage, Misconfigured, Refused
from wecom.contacts import Department, Member, Membership, Tag, TagMembers
from wecom.jsapi import sign
from wecom.menu import MenuBar

NO_PERMISSION = {"errcode": 48002, "errmsg": "api forbidden"}
BEGIN = datetime(2026, 3, 1, 16, tzinfo=UTC)


# The directory


def test_departments_tolerate_what_is_not_told(wire: Wire, tencent: wecom.Client) -> None:
    rows = [{"id": 2, "name": "门店", "parentid": 1, "order": 5, "department_leader": ["a"]}, {"id": 1}]
    wire.answers("department/list", {"department": rows})
    shop = Department(id=2, name="门店", parent_id=1, order=5, leaders=("a",))
    assert tencent.contacts.departments() == [shop, Department(id=1)]
    assert "id" not in wire.asked[-1].params
    tencent.contacts.departments(2)
    assert wire.asked[-1].params["id"] == "2"
    wire.answers("department/simplelist", {"department_id": [{"id": 2, "parentid": 1, "order": 0}]})
    assert tencent.contacts.department_ids() == [Department(id=2, parent_id=1)]


def test_a_member_is_what_wecom_tells_and_silence_is_not_emptiness(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers(
        "user/get", {"userid": "lihua", "department": [1, 2], "is_leader_in_dept": [1], "mobile": "", "status": "1"}
    )
    member = tencent.contacts.member("lihua")
    assert (member.departments, member.is_leader_in, member.status, member.is_active) == ((1, 2), (1,), 1, True)
    assert (member.mobile, member.email, member.direct_leaders) == ("", None, None)
    assert not Member(userid="x", status=5).is_active


def test_unknown_and_invisible_members_are_refused(wire: Wire, tencent: wecom.Client) -> None:
    for errcode in (60111, 60011, 60021):
        wire.answers("user/get", {"errcode": errcode, "errmsg": "x"})
        with pytest.raises(Refused):
            tencent.contacts.member("x")
        tencent.contacts.members(1)


def test_memberships_come_page_by_page(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers(
        "user/list_id",
        {"next_cursor": "C", "dept_user": [{"userid": "a", "department": 1}]},
        {"next_cursor": "", "dept_user": [{"userid": "a", "department": 2}]},
    )
    assert list(tencent.contacts.memberships()) == [
        Membership(userid="a", department=1),
        Membership(userid="a", department=2),
    ]
    assert [asked.json for asked in wire.calls("user/list_id")] == [{"limit": 10000}, {"limit": 10000, "cursor": "C"}]


def test_a_cursor_that_stands_still_ends(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("user/list_id", {"next_cursor": "C", "dept_user": []})
    assert list(tencent.contacts.memberships()) == []
    assert len(wire.calls("user/list_id")) == 2


def test_tags_hold_members_and_departments(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("tag/list", {"taglist": [{"tagid": 1, "tagname": "骨干"}]})
    assert tencent.contacts.tags() == [Tag(id=1, name="骨干")]
    wire.answers("tag/get", {"tagname": "骨干", "userlist": [{"userid": "a", "name": "A"}], "partylist": [2]})
    assert tencent.contacts.tag(1) == TagMembers(("a",), (2,))


def test_a_large_department_is_read_whole(wire: Wire, tencent: wecom.Client) -> None:
    rows = [{"userid": f"u{number}", "position": "x" * 900} for number in range(3000)]
    wire.answers("user/list", {"userlist": rows})
    assert len(tencent.contacts.members(1)) == 3000


def test_directory_sync_is_asked_first_and_only_once_for_what_it_may_not(wire: Wire) -> None:
    tencent = client(wire, contacts={"secret": "sync"})
    wire.answers("user/list", NO_PERMISSION, {"userlist": []})
    for _ in range(3):
        tencent.contacts.members(1)
        list(tencent.contacts.memberships())
    assert [asked.params["corpsecret"] for asked in wire.calls("gettoken")] == ["sync", settings.AGENT_SECRET]
    assert [asked.params["access_token"] for asked in wire.calls("user/list")] == ["T1", "T2", "T2", "T2"]
    assert {asked.params["access_token"] for asked in wire.calls("user/list_id")} == {"T1"}


def test_another_setting_that_is_wrong_is_not_hidden(wire: Wire) -> None:
    wire.answers("user/list", {"errcode": 60020, "errmsg": "not allow to access from your ip, from ip: 1.2.3.4"})
    with pytest.raises(Misconfigured, match=r"1\.2\.3\.4"):
        client(wire, contacts={"secret": "sync"}).contacts.members(1)
    assert len(wire.calls("user/list")) == 1


# Media


def test_a_chinese_file_name_travels_as_raw_utf_8(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("media/upload", {"type": "file", "media_id": "M", "created_at": "1380000000"})
    stored = tencent.media.upload("file", "三月工资条.pdf", b"%PDF-1.7")
    assert (stored.media_id, stored.created_at) == ("M", 1380000000)
    body = wire.asked[-1].body
    assert 'name="media"; filename="三月工资条.pdf"'.encode() in body
    assert b"filename*" not in body
    assert wire.asked[-1].params == {"access_token": "T1", "type": "file"}


@pytest.mark.parametrize(
    ("kind", "name", "size"),
    [
        ("file", "a.txt", 5), ("file", "a.txt", (20 << 20) + 1), ("image", "a.png", (10 << 20) + 1), ("file", "", 10),
        ("image", "a.gif", 10), ("voice", "a.mp3", 10), ("voice", "a.amr", (2 << 20) + 1), ("video", "a.avi", 10),
    ],
)  # fmt: skip
def test_files_that_wecom_would_refuse_stay_here(
    kind: Any, name: str, size: int, wire: Wire, tencent: wecom.Client
) -> None:
    with pytest.raises(InvalidMessage):
        tencent.media.upload(kind, name, bytes(size))
    assert wire.asked == []


@pytest.mark.parametrize(("kind", "name"), [("image", "A.JPG"), ("voice", "a.amr"), ("video", "a.mp4"), ("file", "a")])
def test_files_that_fit(kind: Any, name: str, wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("media/upload", {"media_id": "M", "created_at": 1})
    assert tencent.media.upload(kind, name, b"123456").media_id == "M"


def test_downloads_are_bytes_and_errors_are_json(wire: Wire, tencent: wecom.Client) -> None:
    attachment = {"Content-Type": "application/json", "Content-Disposition": 'attachment; filename="a.json"'}
    wire.answers(
        "media/get",
        Page(b"\xff\xd8\xff", headers={"Content-Type": "image/jpeg"}),
        Page(b'{"errcode": 1}', headers=attachment),
        Page(b'{"errcode": 40007, "errmsg": "invalid media_id"}', headers={"Content-Type": "application/json"}),
        Page(b"{}", headers={"Content-Type": "application/json; charset=UTF-8"}),
        Page(b"x" * 101, headers={"Content-Type": "image/jpeg"}),
    )
    assert (tencent.media.download("M").content, tencent.media.download("M").content) == (
        b"\xff\xd8\xff",
        b'{"errcode": 1}',
    )
    for kind in (wecom.Refused, wecom.Later, wecom.Later):
        with pytest.raises(kind):
            tencent.media.download("M", largest=100)


# Menu


def test_a_menu_is_created_read_and_deleted(wire: Wire, tencent: wecom.Client) -> None:
    bar = {
        "button": [
            {"type": "click", "name": "我的假期", "key": "balance"},
            {"name": "更多", "sub_button": [{"type": "view", "name": "首页", "url": "https://hr.example.com/h5"}]},
            {"type": "view_miniprogram", "name": "小程序", "pagepath": "p", "appid": "wx1"},
        ]
    }
    tencent.menu.create(MenuBar.model_validate(bar))
    assert wire.asked[-1].json == bar
    assert wire.asked[-1].params["agentid"] == "1000002"
    tencent.menu.delete()
    assert wire.asked[-1].method == "GET"


def entry(**changes: Any) -> dict[str, Any]:
    return {"button": [{"type": "click", "name": "n", "key": "k", **changes}]}


@pytest.mark.parametrize(
    "bar",
    [
        {"button": []},
        {"button": [entry()["button"][0]] * 4},
        entry(name="六个汉字太长"),
        entry(name=""),
        entry(key=None),
        entry(key="k" * 129),
        entry(type="poem"),
        entry(type="view"),
        entry(type="view", url="hr.example.com"),
        entry(type="view", url="https://" + "a" * 1017),
        entry(type="view_miniprogram", pagepath="p"),
        {"button": [{"name": "g", "sub_button": []}]},
        {"button": [{"name": "g", "sub_button": entry()["button"] * 6}]},
        {"button": [{"name": "g", "sub_button": entry(name="字" * 14)["button"]}]},
    ],
)
def test_menus_that_wecom_would_refuse(bar: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage) as caught:
        MenuBar.model_validate(bar)
    assert caught.value.field.startswith("button")


# Page signatures


def test_pages_are_signed_with_two_tickets_that_are_fetched_once(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("get_jsapi_ticket", {"ticket": "CORP-TICKET", "expires_in": 7200})
    wire.answers("ticket/get", {"ticket": "AGENT-TICKET", "expires_in": 7200})
    page = "https://hr.example.com/h5/leave?id=42"
    with clock.frozen(BEGIN):
        first, second = tencent.jsapi.config(page + "#top"), tencent.jsapi.config(page)
        agent = tencent.jsapi.agent_config(page)
    assert first.signature == sign("CORP-TICKET", first.nonce, first.timestamp, page)
    assert agent.signature == sign("AGENT-TICKET", agent.nonce, agent.timestamp, page)
    assert (agent.corp_id, agent.agent_id, agent.timestamp) == (settings.CORP, 1000002, int(BEGIN.timestamp()))
    assert first.nonce != second.nonce
    assert [len(wire.calls(api)) for api in ("get_jsapi_ticket", "ticket/get", "gettoken")] == [1, 1, 1]
    assert wire.calls("ticket/get")[0].params["type"] == "agent_config"


# WeCom's office applications


def test_check_ins(wire: Wire, tencent: wecom.Client) -> None:
    row = {
        "userid": "lihua",
        "checkin_type": "上班打卡",
        "checkin_time": int(BEGIN.timestamp()),
        "lat": 30547645,
        "x": 1,
    }
    wire.answers("checkin/getcheckindata", {"checkindata": [row]})
    (punch,) = tencent.checkin.records(["lihua"], BEGIN, BEGIN + timedelta(days=30))
    assert (punch.checkin_time, punch.lat, punch.exception_type) == (BEGIN, 30547645, "")
    assert wire.asked[-1].json == {
        "opencheckindatatype": 3, "starttime": int(BEGIN.timestamp()),
        "endtime": int(BEGIN.timestamp()) + 30 * 86400, "useridlist": ["lihua"],
    }  # fmt: skip


@pytest.mark.parametrize("time", ["soon", None, -(10**20), 10**20])
def test_a_check_in_without_a_time_breaks_the_answer(time: Any, wire: Wire, tencent: wecom.Client) -> None:
    wire.answers(
        "checkin/getcheckindata", {"checkindata": [{"userid": "a", "checkin_type": "b", "checkin_time": time}]}
    )
    with pytest.raises(wecom.Later, match="checkin_time"):
        tencent.checkin.records(["a"], BEGIN, BEGIN)


def test_questions_that_wecom_would_refuse(wire: Wire, tencent: wecom.Client) -> None:
    people = [f"u{number}" for number in range(101)]
    for act in (
        lambda: tencent.checkin.records(people, BEGIN, BEGIN),
        lambda: tencent.checkin.records([], BEGIN, BEGIN),
        lambda: tencent.checkin.rules(people, BEGIN),
        lambda: tencent.checkin.records(["a"], BEGIN, BEGIN + timedelta(days=30, seconds=1)),
        lambda: tencent.checkin.records(["a"], BEGIN, BEGIN - timedelta(seconds=1)),
    ):
        with pytest.raises(InvalidMessage):
            act()
    assert wire.asked == []


def test_rules_and_approvals(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("checkin/getcheckinoption", {"info": [{"userid": "a", "group": {"groupid": 1}}]})
    assert tencent.checkin.rules(["a"], BEGIN) == [{"userid": "a", "group": {"groupid": 1}}]
    wire.answers("oa/getapprovaldetail", {"info": {"sp_no": "202401010001"}})
    assert tencent.approval.detail("202401010001") == {"sp_no": "202401010001"}
    wire.answers("oa/gettemplatedetail", {"template_names": [{"text": "请假"}], "template_content": {"controls": []}})
    assert tencent.approval.template("T") == {"names": [{"text": "请假"}], "content": {"controls": []}}


def test_agents_serve_what_they_are_named_for(wire: Wire) -> None:
    agents = [{"name": name, "agent_id": 1, "secret": name} for name in ("hr", "checkin", "approval")]
    tencent = client(wire, agents=agents)
    tencent.approval.template("T")
    tencent.vacation.kinds()
    tencent.checkin.rules(["a"], BEGIN)
    assert [asked.params["corpsecret"] for asked in wire.calls("gettoken")] == ["approval", "checkin"]
