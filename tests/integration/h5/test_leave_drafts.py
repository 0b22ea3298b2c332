"""Drafts of leave on the phone: kept, gone on with, thrown away; nobody else's, and sent once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kit.ids import new_id
from models.base import db
from models.leave import LeaveEntry, LeaveRequest, LeaveSaved
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
FORM = {"kind": "annual", "first_day": "2026-03-04", "last_day": "2026-03-05", "to_half": "am", "reason": "看牙"}


@pytest.fixture
def li(app: Flask, h5: Ways) -> Someone:
    """Li with five days and a superior; Han is a colleague."""
    grants.kinds()
    wang = make.person("wangwu", "王五", leads=True)
    make.person("hanmeimei", superior=wang)
    grants.lot(make.person("lilei", "李雷", superior=wang), 5)
    return h5("lilei")


def post(who: Someone, path: str, **form: object) -> TestResponse:
    """Sends a form as htmx does."""
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def kept(who: Someone, **form: object) -> str:
    """Saves a form; its draft's id, as the page of leave links to it."""
    answer = post(who, "/leave/drafts", **form)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, "/h5/leave")
    return who.get("/leave").text.partition("draft=")[2][:26]


def count(table: type) -> int:
    with platform.unit_of_work(writes=False):
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_draft_is_kept_as_it_stands_gone_on_with_and_ends_when_it_is_sent(li: Someone) -> None:
    draft_id = kept(li, **FORM, proof="病历.pdf")
    assert count(LeaveRequest) == 0
    assert "年假，3月4日 周三起" in li.get("/leave").text
    assert "5天" in li.get("/leave").text, "nothing is held for it"
    page = li.get("/leave/new", query_string={"draft": draft_id}).text
    assert 'value="2026-03-05"' in page
    assert "看牙" in page
    assert f'name="draft_id" value="{draft_id}"' in page
    assert kept(li, **FORM | {"reason": "补牙"}, draft_id=draft_id) == draft_id
    assert count(LeaveSaved) == 1
    answer = post(li, "/leave/requests", **FORM | {"reason": "补牙"}, draft_id=draft_id)
    assert "/h5/leave/requests/" in answer.headers["HX-Redirect"]
    assert (count(LeaveSaved), count(LeaveRequest)) == (0, 1)
    assert "草稿" not in li.get("/leave").text


def test_a_draft_may_be_of_a_kind_alone(li: Someone) -> None:
    draft_id = kept(li, kind="personal", last_day="")
    assert "保存草稿" in li.get("/leave/new", query_string={"draft": draft_id}).text


def test_a_draft_stays_when_its_request_is_refused_and_is_sent_once(li: Someone) -> None:
    draft_id = kept(li, **FORM)
    far = {"last_day": "2026-04-30"}
    assert post(li, "/leave/requests", **FORM | far, draft_id=draft_id).status_code >= 400
    assert (count(LeaveSaved), count(LeaveRequest)) == (1, 0)
    assert post(li, "/leave/requests", **FORM, draft_id=draft_id).status_code == 204
    moved = {"first_day": "2026-03-10", "last_day": "2026-03-10", "to_half": "pm"}
    again = post(li, "/leave/requests", **FORM | moved, draft_id=draft_id)
    assert again.status_code == 409
    assert "已经提交或删除" in again.text
    assert count(LeaveRequest) == 1


def test_a_draft_is_only_its_owners(li: Someone, h5: Ways) -> None:
    draft_id = kept(li, **FORM)
    han = h5("hanmeimei")
    assert "草稿" not in han.get("/leave").text
    assert han.get("/leave/new", query_string={"draft": draft_id}).status_code == 404
    assert post(han, f"/leave/drafts/{draft_id}/discard").status_code == 404
    assert post(han, "/leave/drafts", **FORM, draft_id=draft_id).status_code == 404
    stolen = {"kind": "personal", "first_day": "2026-03-04", "last_day": "2026-03-04", "reason": "家里有事"}
    assert post(han, "/leave/requests", **stolen, draft_id=draft_id).status_code == 409
    assert (count(LeaveSaved), count(LeaveRequest)) == (1, 0)
    assert post(li, f"/leave/drafts/{draft_id}/discard").status_code == 204
    assert post(li, f"/leave/drafts/{draft_id}/discard").status_code == 404
    assert (count(LeaveSaved), count(LeaveEntry)) == (0, 1)


def test_there_is_room_for_so_many_and_none_outlives_the_employment(li: Someone) -> None:
    for _ in range(leave.drafts.MOST):
        draft_id = kept(li, **FORM)
    full = post(li, "/leave/drafts", **FORM)
    assert full.status_code == 409
    assert "最多保存 20 份" in full.text
    assert kept(li, **FORM, draft_id=draft_id), "what is there may be replaced"
    with platform.unit_of_work():
        platform.publish(people.Left(people.by_userid("lilei").person_id))
    assert count(LeaveSaved) == 0


def test_the_same_by_the_interface(li: Someone, api: Ways) -> None:
    me = api("lilei")
    made = me.post("/leave/drafts", json=FORM)
    assert made.status_code == 201, made.text
    assert made.json["kind_name"] == "年假"
    path = f"/leave/drafts/{made.json['id']}"
    assert me.get(path).json["form"]["reason"] == "看牙"
    assert [one["id"] for one in me.get("/leave/drafts").json] == [made.json["id"]]
    assert api("hanmeimei").get(path).status_code == 404
    assert me.delete(path).status_code == 204
    assert me.get(path).status_code == 404
