"""Leave from the mini-program: what it costs is held when asked, spent when approved, given back when not."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.approvals import ApprovalInstance
from models.base import db
from models.enums import Gender, Role
from models.people import Department
from services import approvals, leave, people, platform
from services.approvals import Decide
from services.people import PersonView
from tests.factories import leave as grants
from tests.factories import people as make
from tests.factories import schedule as roster
from tests.support.clients import Someone

Ways = Callable[..., Someone]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def company(app: Flask) -> Iterator[Any]:
    """Wang leads the team of Li (who has five days) and Han; Chen is HR."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    li = make.person("lilei", "李雷", superior=wang, dept=team, gender=Gender.MALE)
    make.person("hanmeimei", "韩梅梅", superior=wang, dept=team, gender=Gender.FEMALE)
    make.person("chen", "陈人事", roles=(Role.HR,))
    grants.lot(li, 5)
    return li


def ask(first: str, last: str | None = None, kind: str = "annual", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "first_day": first, "last_day": last or first, **more}


def available(one: Someone, kind: str = "annual") -> int:
    return next(b["available"] for b in one.get("/leave/balances").json if b["kind"] == kind)


def decide(userid: str, decision: str, comment: str = "") -> None:
    """The approver decides the only thing that waits."""
    with platform.unit_of_work():
        actor = people.by_userid(userid)
        (task,) = approvals.my_tasks(actor, approvals.MineQuery()).items
        approvals.decide(actor, task.id, Decide(decision=decision, comment=comment))


def test_a_request_holds_its_days_and_an_approval_keeps_them(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04", "2026-03-06", reason="回老家"))
    assert made.status_code == 201, made.json
    assert (made.json["state"], made.json["length"], made.json["span"]) == ("pending", "3天", "3月4日至3月6日")
    assert available(li) == 2 * 480
    decide("wangwu", "approve")
    assert li.get(f"/leave/requests/{made.json['id']}").json["state"] == "approved"
    (annual,) = (b for b in li.get("/leave/balances").json if b["kind"] == "annual")
    assert (annual["used_length"], annual["held_length"], annual["length"]) == ("3天", "0天", "2天")


@pytest.mark.parametrize(
    ("mates", "words"),
    [((), "无"), (("甲", "乙"), "甲、乙"), (("甲", "乙", "丙", "丁", "戊"), "甲、乙、丙等 5 人")],
)
def test_the_approver_sees_which_mates_are_away(
    company: PersonView, api: Ways, mates: tuple[str, ...], words: str
) -> None:
    for number, name in enumerate(mates):
        mate = make.person(f"mate{number}", name, dept=db.session.get_one(Department, company.department_id))
        grants.lot(mate, 5)
        asked = api(f"mate{number}").post("/leave/requests", json=ask(f"2026-03-{9 + number:02d}"))
        assert asked.status_code == 201, asked.json
    assert api("lilei").post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).status_code == 201
    newest = select(ApprovalInstance.summary).where(ApprovalInstance.applicant_id == company.id)
    assert ["同期不在", words] in db.session.scalars(newest).one()["rows"]


def test_a_refusal_gives_back_exactly_what_was_held(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04", "2026-03-06")).json
    decide("wangwu", "reject", "项目上线，请错开")
    assert available(li) == 5 * 480
    assert li.get(f"/leave/requests/{made['id']}").json["state"] == "rejected"
    timeline = li.get(f"/leave/requests/{made['id']}/timeline").json
    assert "项目上线" in timeline[-1]["note"]
    causes = [entry["cause"] for entry in li.get("/leave/ledger?kind=annual").json["items"]]
    assert causes == ["申请被驳回，退回额度", "申请年假3天，等待审批", "发放 5 天"]


def test_a_withdrawal_is_as_if_nothing_had_been_asked(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04")).json
    assert li.post(f"/leave/requests/{made['id']}/withdraw").status_code == 204
    assert available(li) == 5 * 480
    assert li.post(f"/leave/requests/{made['id']}/withdraw").status_code == 409
    assert li.post("/leave/requests", json=ask("2026-03-04")).status_code == 201


def test_approved_leave_is_cancelled_by_a_request_and_returns_to_its_lots(company: Any, api: Ways) -> None:
    grants.lot(company, 1, expires_on=date(2026, 3, 31), title="结转")
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04", "2026-03-05")).json
    lots = lambda: {lot["title"]: lot["minutes"] for b in li.get("/leave/balances").json for lot in b["lots"]}  # noqa: E731
    assert lots() == {"2026年年假": 4 * 480}
    decide("wangwu", "approve")
    answer = li.post(f"/leave/requests/{made['id']}/cancel", json={"reason": "不休了"})
    assert answer.json["state"] == "approved"
    assert li.get(f"/leave/requests/{made['id']}").json["cancelling"] is True
    assert li.post(f"/leave/requests/{made['id']}/cancel", json={"reason": "再来"}).status_code == 409
    decide("wangwu", "approve")
    assert li.get(f"/leave/requests/{made['id']}").json["state"] == "cancelled"
    assert lots() == {"结转": 480, "2026年年假": 5 * 480}


def test_a_cancellation_that_is_refused_leaves_the_leave(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04")).json
    decide("wangwu", "approve")
    li.post(f"/leave/requests/{made['id']}/cancel", json={"reason": "不休了"})
    decide("wangwu", "reject", "已安排他人")
    assert li.get(f"/leave/requests/{made['id']}").json["state"] == "approved"
    assert available(li) == 4 * 480


def test_who_changes_their_mind_about_cancelling_keeps_the_leave(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    path = f"/leave/requests/{li.post('/leave/requests', json=ask('2026-03-04')).json['id']}"
    decide("wangwu", "approve")
    li.post(f"{path}/cancel", json={"reason": "不休了"})
    assert li.get(path).json["may_withdraw"] is True
    assert li.post(f"{path}/withdraw").status_code == 204
    kept = li.get(path).json
    assert (kept["state"], kept["cancelling"], kept["may_cancel"]) == ("approved", False, True)
    assert available(li) == 4 * 480
    assert li.post(f"{path}/withdraw").status_code == 409


def test_cancelling_a_request_that_still_waits_withdraws_it(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    made = li.post("/leave/requests", json=ask("2026-03-04")).json
    assert li.post(f"/leave/requests/{made['id']}/cancel", json={"reason": "填错了"}).json["state"] == "withdrawn"
    assert available(li) == 5 * 480


@pytest.mark.parametrize(
    ("plan", "length", "after"),
    [
        (ask("2026-03-04"), "1天", "4天"),
        (ask("2026-03-04", from_half="pm"), "0.5天", "4.5天"),
        (ask("2026-03-05", "2026-03-09", to_half="am"), "2.5天", "2.5天"),  # over a weekend
        (ask("2026-04-03", "2026-04-07"), "2天", "3天"),  # Qingming: three days off inside
        (ask("2026-05-08", "2026-05-09"), "2天", "3天"),  # Saturday the 9th is a make-up workday
    ],
)
def test_what_the_preview_says_is_what_is_charged(
    company: PersonView, api: Ways, plan: dict[str, str], length: str, after: str
) -> None:
    li = api("lilei")
    preview = li.get("/leave/preview", query_string=plan).json
    assert (preview["length"], preview["balance_after"], preview["refusal"]) == (length, after, None)
    made = li.post("/leave/requests", json=plan).json
    assert (made["length"], made["minutes"]) == (length, preview["minutes"])
    assert available(li) == 5 * 480 - preview["minutes"]


def test_a_balance_too_small_is_refused_with_the_numbers_and_changes_nothing(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    answer = li.post("/leave/requests", json=ask("2026-03-09", "2026-03-16"))
    assert answer.status_code == 409
    assert answer.json["title"] == "年假余额不足：本次需要6天，这些日期可用5天，还差1天"
    assert (answer.json["needed"], answer.json["available"]) == (6 * 480, 5 * 480)
    assert available(li) == 5 * 480
    preview = li.get("/leave/preview", query_string=ask("2026-03-09", "2026-03-16")).json
    assert preview["refusal"] == answer.json["title"]


def test_two_halves_of_a_day_fit_and_a_third_does_not(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    today = "2026-03-02"
    assert li.post("/leave/requests", json=ask(today, to_half="am")).status_code == 201
    assert li.post("/leave/requests", json=ask(today, from_half="pm", kind="sick")).status_code == 201
    again = li.post("/leave/requests", json=ask(today, kind="personal", from_time="10:00", to_time="11:00"))
    assert again.status_code == 409
    assert again.json["title"] == "3月2日已有审批中的年假，请先调整或撤回那一次"


@pytest.mark.parametrize(
    ("plan", "status", "words"),
    [
        (ask("2026-03-07"), 422, "都不是您的工作时间"),
        (ask("2026-03-06", "2026-03-04"), 422, "结束日期不能早于"),
        (ask("2026-03-04", from_half="pm", to_half="am"), 422, "同一天不能"),
        (ask("2026-03-04", from_time="10:00", to_time="11:00"), 422, "不能按小时请"),
        (ask("2026-01-04"), 409, "不能再补请"),
        (ask("2028-01-04"), 422, "400 天"),
        (ask("2026-03-04", kind="unheard_of"), 404, "没有这种假"),
        (ask("2026-03-04", kind="home_visit"), 409, "没有启用"),
        (ask("2026-03-04", kind="prenatal_check", from_time="10:00", to_time="11:00"), 409, "限女职工"),
        (ask("2026-03-04", "2026-03-05", kind="sick"), 422, "病历"),
        (ask("2026-03-04", kind="bereavement", event_on="2026-03-02"), 422, "请填写与您的关系"),
        (
            ask("2026-03-04", "2026-03-12", kind="bereavement", event_on="2026-03-02", relative="parent"),
            409,
            "最多 3 天，本次 7 天（（80）劳总薪字29号",
        ),
        (ask("2026-03-04", from_time="10:00"), 422, "填写的内容有误"),
        (ask("2026-03-04", reason="长" * 501), 422, "填写的内容有误"),
        (ask("2026-03-04", person_id="someone"), 422, "填写的内容有误"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    company: PersonView, api: Ways, plan: dict[str, Any], status: int, words: str
) -> None:
    answer = api("lilei").post("/leave/requests", json=plan)
    assert (answer.status_code, words in answer.json["title"]) == (status, True), answer.json
    assert available(api("lilei")) == 5 * 480


def test_a_number_of_seconds_is_no_date(company: PersonView, api: Ways) -> None:
    answer = api("lilei").get("/leave/preview", query_string=ask("1772582400"))  # 4 March, if it were
    assert (answer.status_code, answer.json["errors"][0]["message"]) == (422, "请填写日期，例如 2026-03-02")


def test_a_sick_note_goes_with_the_request_and_only_those_concerned_see_it(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    form = {**ask("2026-03-04", "2026-03-05", kind="sick"), "proof": (BytesIO(PNG), "病历.png")}
    made = li.post("/leave/requests", data=form, content_type="multipart/form-data")
    assert made.status_code == 201, made.json
    path = f"/leave/requests/{made.json['id']}/proof"
    assert li.get(path).data == PNG
    assert api("wangwu").get(path).data == PNG
    assert api("hanmeimei").get(path).status_code == 404


def test_nobody_sees_or_touches_the_request_of_another(company: PersonView, api: Ways) -> None:
    made = api("lilei").post("/leave/requests", json=ask("2026-03-04")).json["id"]
    han = api("hanmeimei")
    assert han.get(f"/leave/requests/{made}").status_code == 404
    assert han.get(f"/leave/requests/{made}/timeline").status_code == 404
    assert han.post(f"/leave/requests/{made}/withdraw").status_code == 404
    assert han.post(f"/leave/requests/{made}/cancel", json={"reason": "x"}).status_code == 404
    assert api("wangwu").get(f"/leave/requests/{made}").status_code == 200
    assert api("wangwu").post(f"/leave/requests/{made}/withdraw").status_code == 404


def test_the_team_sees_who_is_away_but_not_why_when_it_is_private(company: PersonView, api: Ways) -> None:
    api("lilei").post("/leave/requests", json=ask("2026-03-04", kind="sick"))
    (away,) = api("hanmeimei").get("/leave/team?first=2026-03-01&last=2026-03-31").json
    assert (away["name"], away["kind_name"]) == ("李雷", "请假")


def test_my_requests_come_in_pages_and_by_state(company: PersonView, api: Ways) -> None:
    li = api("lilei")
    ids = [li.post("/leave/requests", json=ask(f"2026-03-0{n}")).json["id"] for n in (3, 4, 5)]
    li.post(f"/leave/requests/{ids[0]}/withdraw")
    first = li.get("/leave/requests?limit=2").json
    second = li.get(f"/leave/requests?limit=2&cursor={first['next_cursor']}").json
    assert sorted(item["id"] for item in first["items"] + second["items"]) == sorted(ids)
    assert [item["id"] for item in li.get("/leave/requests?state=withdrawn").json["items"]] == [ids[0]]
    assert li.get("/leave/requests?cursor=AAAA").status_code == 422


def test_hours_are_measured_by_the_shift_and_rounded_as_the_kind_says(company: Any, api: Ways) -> None:
    roster.assigned(roster.shift("晚班", ((780, 1020), (1080, 1320))), company)
    plan = ask("2026-03-04", kind="personal", from_time="16:10", to_time="18:20")
    assert api("lilei").post("/leave/requests", json=plan).json["minutes"] == 90  # 50 + 20 minutes, in half hours


def test_pieces_rounded_up_never_cost_more_than_the_day(company: Any, api: Ways) -> None:
    me, costs = api("lilei"), []
    for number in range(16):  # sixteen minutes, each rounded up to half an hour: a working day of 480
        hour, minute = divmod(9 * 60 + number * 2, 60)
        times = {"from_time": f"{hour:02}:{minute:02}", "to_time": f"{hour:02}:{minute + 1:02}"}
        costs.append(me.post("/leave/requests", json=ask("2026-03-04", kind="personal", **times)).json["minutes"])
    assert sum(costs) == 480
    refused = me.post("/leave/requests", json=ask("2026-03-04", kind="personal", from_time="14:00", to_time="14:01"))
    assert (refused.status_code, "合并成一次申请" in refused.json["title"]) == (409, True)
    half = ask("2026-03-05", kind="personal", from_time="09:00", to_time="14:01")
    assert me.post("/leave/requests", json=half).json["minutes"] == 270  # 180 + 61 minutes, in half hours
    afternoon = ask("2026-03-05", kind="personal", from_time="14:01", to_time="18:00")
    assert me.post("/leave/requests", json=afternoon).json["minutes"] == 480 - 270
    same = me.post("/leave/requests", json=ask("2026-03-06", kind="personal", from_time="09:00", to_time="09:00"))
    assert (same.status_code, same.json["title"]) == (422, "结束时间不能和开始时间相同")


def test_a_year_without_a_notice_is_said(company: Any, api: Ways) -> None:
    grants.lot(company, 5, starts_on=date(2027, 1, 1), expires_on=date(2027, 12, 31), title="2027年年假")
    preview = api("lilei").get("/leave/preview", query_string=ask("2027-03-03")).json
    assert "尚未公布" in preview["notes"][0]


def test_events_reach_whoever_listens(company: PersonView, api: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    publish = platform.publish
    monkeypatch.setattr(platform, "publish", lambda event: (heard.append(event), publish(event)))
    made = api("lilei").post("/leave/requests", json=ask("2026-03-04", "2026-03-05")).json
    decide("wangwu", "approve")
    (granted,) = [event for event in heard if isinstance(event, leave.Granted)]
    assert granted.request_id == made["id"]
    assert granted.dates == (date(2026, 3, 4), date(2026, 3, 5))
