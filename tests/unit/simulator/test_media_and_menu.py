"""Files live three days; menus have their lengths."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def upload(api):
    def send(kind="file", name="手册.pdf", content=b"%PDF-1.7 ..."):
        query = {"type": kind, "access_token": api.token()}
        data = {"media": (io.BytesIO(content), name)}
        return api.client.post("/cgi-bin/media/upload", query_string=query, data=data).get_json()

    return send


def test_a_file_comes_back_as_it_was_with_its_chinese_name(api, upload, twin):
    media_id = upload()["media_id"]
    answer = api.raw("GET", "media/get", {"access_token": api.token(), "media_id": media_id})
    assert answer.data == b"%PDF-1.7 ..."
    assert "attachment" in answer.headers["Content-Disposition"]
    assert api.send("lihua", "file", {"media_id": media_id})["errcode"] == 0
    assert twin.world.media[media_id].filename == "手册.pdf"


def test_a_part_of_a_file_can_be_asked_for(api, upload):
    query = {"access_token": api.token(), "media_id": upload()["media_id"]}
    answer = api.client.get("/cgi-bin/media/get", query_string=query, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"%PDF")


def test_after_three_days_it_is_gone_for_reading_and_for_sending(api, upload):
    with clock.frozen(START):
        media_id = upload()["media_id"]
    with clock.frozen(START + timedelta(days=3)):
        assert api.call("media/get", media_id=media_id)["errcode"] == 40007
        assert api.send("lihua", "file", {"media_id": media_id})["errcode"] == 40007


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"kind": "scroll"}, 40004),
        ({"content": b""}, 44001),
        ({"content": b"12345"}, 40006),
        ({"kind": "voice", "name": "a.amr", "content": b"x" * (2 * 1024 * 1024 + 1)}, 45001),
        ({"kind": "image", "name": "a.gif"}, 40004),
    ],
)
def test_unfit_files_are_refused(upload, what, code):
    assert upload(**what)["errcode"] == code


def test_a_name_given_only_in_the_rfc_5987_form_is_refused(api):
    header = b"Content-Disposition: form-data; name=\"media\"; filename*=UTF-8''%E6%89%8B.pdf"
    body = b"--b\r\n" + header + b"\r\n\r\n%PDF-1.7\r\n--b--\r\n"
    query = {"type": "file", "access_token": api.token()}
    answer = api.client.post(
        "/cgi-bin/media/upload", query_string=query, data=body, content_type="multipart/form-data; boundary=b"
    )
    assert answer.get_json()["errcode"] == 41005


CLICK = {"name": "假期", "type": "click", "key": "leave"}


def test_a_menu_is_made_read_and_deleted(api, twin):
    menu = {"button": [CLICK, {"name": "更多", "sub_button": [{"name": "帮助", "type": "view", "url": "https://x"}]}]}
    assert api.call("menu/get", agentid=1000002)["errcode"] == 46003
    assert api.post("menu/create", menu, agentid=1000002)["errcode"] == 0
    assert api.call("menu/get", agentid=1000002)["button"] == menu["button"]
    assert api.call("menu/delete", agentid=1000002)["errcode"] == 0
    assert api.call("menu/get", agentid=1000002)["errcode"] == 46003
    assert api.post("menu/create", menu, agentid=1)["errcode"] == 40056


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{**CLICK, "name": "六个汉字太长"}], 40018),
        ([{**CLICK, "type": "shake"}], 40017),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{"name": "页", "type": "view", "url": "x.com"}], 40020),
        ([{"name": "更多", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "更多", "sub_button": [{**CLICK, "type": ""}]}], 40024),
        ([{"name": "更多", "sub_button": [{**CLICK, "name": "字" * 14}]}], 40025),
        ([{"name": "更多", "sub_button": [{**CLICK, "key": ""}]}], 40026),
        ([{"name": "更多", "sub_button": [{"name": "页", "type": "view"}]}], 40027),
    ],
)
def test_an_unfit_menu_is_refused(api, buttons, code):
    assert api.post("menu/create", {"button": buttons}, agentid=1000002)["errcode"] == code


def test_the_application_tells_its_visible_range(api):
    answer = api.call("agent/get", agentid=1000002)
    assert (answer["allow_partys"], answer["isreportenter"]) == ({"partyid": [1]}, 1)
