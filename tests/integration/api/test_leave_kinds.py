"""Kinds with more rules, through the front door: what HR writes is what people are refused or told, with its source."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.enums import Gender, Role
from models.leave import LeaveRequest
from models.people import Department, Person, Tag, Tagging
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def han(app: Flask) -> Person:
    """Han works in a team led by Wang; Chen is HR."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    hired = {"gender": Gender.FEMALE, "hired_on": date(2024, 3, 1), "first_worked_on": date(2020, 1, 1)}
    make.person("chen", "陈人事", roles=(Role.HR,))
    return make.person("hanmeimei", "韩梅梅", superior=wang, dept=team, **hired)


def ask(first: str, last: str | None = None, kind: str = "personal", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "first_day": first, "last_day": last or first, **more}


def refusal(one: Someone, plan: dict[str, Any]) -> str:
    """Why it is refused; the preview and the request say the same."""
    previewed = one.get("/leave/preview", query_string=plan).json
    answer = one.post("/leave/requests", json=plan)
    assert answer.status_code in (409, 422), answer.json
    assert previewed["refusal"] == answer.json["title"]
    return str(answer.json["title"])


def notes(one: Someone, plan: dict[str, Any]) -> list[str]:
    previewed = one.get("/leave/preview", query_string=plan).json
    assert previewed["refusal"] is None, previewed
    return list(previewed["notes"])


def place(where: str | None, department: Department | None = None) -> None:
    with platform.unit_of_work():
        wish = leave.places.SetPlace(place=where, department_id=department.id if department else None)
        leave.places.set_place(people.by_userid("chen"), wish)


def test_each_rule_refuses_with_its_own_sentence(han: Person, api: Ways) -> None:
    me, plan = api("hanmeimei"), ask("2026-03-06", "2026-03-09")
    grants.edit("personal", notice="超过 1 天 提前 7 天")
    assert refusal(me, plan) == "这种假超过 1 天要提前 7 天申请，最早可从 2026-03-09 开始"
    grants.edit("personal", notice="", blackouts="2026-03-06..2026-03-08 季度结算")
    assert refusal(me, plan) == "3月6日不能请这种假：季度结算，请改期"
    grants.edit("personal", blackouts="", only_places="上海", source="公司制度")
    assert refusal(me, plan) == "这种假只限所在地为上海的员工，您的所在地是全国（公司制度）"
    grants.edit("personal", only_places="", only_tags="正式员工")
    assert refusal(me, plan) == "这种假只限正式员工，您不在其中（公司制度）"
    grants.edit("personal", only_tags="", sandwich="all", max_days=3)
    assert refusal(me, plan) == "这种假一次最多 3 天，本次 4 天"
    grants.edit("personal", max_days=None, max_days_year=3)
    assert refusal(me, plan) == "2026年事假最多 3 天，本次 4 天（公司制度）"


def test_a_tag_of_the_directory_lets_in(han: Person, api: Ways) -> None:
    tag = Tag(wecom_id=7, name="正式员工")
    db.session.add(tag)
    db.session.flush()
    db.session.add(Tagging(tag_id=tag.id, person_id=han.id))
    grants.edit("personal", only_tags="正式员工、实习生")
    assert api("hanmeimei").post("/leave/requests", json=ask("2026-03-06")).status_code == 201


def test_the_preview_says_what_is_rounded_what_lies_between_and_what_is_left(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    by_hour = ask("2026-03-04", from_time="10:00", to_time="10:50")
    assert "工作时间内共 50 分钟，不足 30 分钟的按 30 分钟计" in notes(me, by_hour)
    grants.edit("personal", sandwich="rest_days", max_days_year=10)
    said = notes(me, ask("2026-03-06", "2026-03-09"))
    assert said == ["夹在中间的 2 天休息日计入请假", "2026年事假共 10 天，本次之后还剩 6 天"]
    assert me.post("/leave/requests", json=ask("2026-03-06", "2026-03-09")).status_code == 201
    assert refusal(me, ask("2026-04-13", "2026-04-21")) == "2026年事假最多 10 天，已请 4 天，本次 9 天"


def test_days_follow_the_place_of_the_nearest_department(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    plan = ask("2026-03-04", "2026-03-12", "marriage", event_on="2026-02-20")
    assert "最多 3 天，本次 9 天（（80）劳总薪字29号）" in refusal(me, plan)
    place("北京")
    assert any("共 10 天，本次之后还剩 1 天（《北京市人口与计划生育条例》" in one for one in notes(me, plan))
    place("广东", db.session.get_one(Department, han.department_id))
    assert "最多 3 天" in refusal(me, plan)
    place(None, db.session.get_one(Department, han.department_id))
    assert notes(me, plan)


def test_an_event_has_its_days_once_however_they_are_parted(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    first = ask("2026-03-04", "2026-03-05", "bereavement", event_on="2026-03-02", relative="parent")
    made = me.post("/leave/requests", json=first)
    assert made.status_code == 201, made.json
    detail = me.get(f"/leave/requests/{made.json['id']}").json
    assert detail["told"] == [["亲属去世日期", "2026-03-02"], ["与您的关系", "父母"]]
    again = {**first, "first_day": "2026-03-09", "last_day": "2026-03-10"}
    assert "最多 3 天，已请 2 天，本次 2 天" in refusal(me, again)
    assert me.post("/leave/requests", json={**again, "event_on": "2026-03-01"}).status_code == 201
    assert "没有丧假" in refusal(
        me, {**first, "first_day": "2026-03-16", "last_day": "2026-03-16", "relative": "sibling"}
    )
    grants.edit("bereavement", event_days='1 if relative == "sibling" else 3')
    other = {**first, "first_day": "2026-03-16", "last_day": "2026-03-16", "relative": "sibling"}
    assert me.post("/leave/requests", json=other).status_code == 201


@pytest.mark.parametrize(
    ("kind", "event_on", "sentence"),
    [
        ("marriage", "2027-01-10", "婚假要从 2027-01-10 起休，不能早于结婚的日期"),
        ("bereavement", "2027-01-10", "亲属去世的日期 2027-01-10 还没有到，请核对"),
        ("bereavement", "2016-01-10", "亲属去世已过去 12 个月以上，不能再休丧假"),
        ("maternity", "2026-03-20", "产假产前最多休 15 天，最早从 2026-03-05 开始（《女职工劳动保护特别规定》第七条）"),
        ("maternity", "2020-03-20", "生育已过去 24 个月以上，不能再休产假"),
    ],
)
def test_what_cannot_have_happened_is_refused(han: Person, api: Ways, kind: str, event_on: str, sentence: str) -> None:
    grants.edit(kind, proof_after_days=None)
    told = {"relative": "parent"} if kind == "bereavement" else {}
    assert refusal(api("hanmeimei"), ask("2026-03-04", kind=kind, event_on=event_on, **told)).startswith(sentence)


def test_maternity_may_begin_fifteen_days_before_birth(han: Person, api: Ways) -> None:
    assert notes(api("hanmeimei"), ask("2026-03-05", kind="maternity", event_on="2026-03-20"))


def test_a_spouse_does_not_die_twice(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    first = ask("2026-03-04", kind="bereavement", event_on="2026-03-01", relative="spouse")
    assert me.post("/leave/requests", json=first).status_code == 201
    again = {**first, "first_day": "2026-03-06", "last_day": "2026-03-06"}
    assert "您已因配偶去世（2026-03-01）请过丧假，请核对日期" in refusal(me, {**again, "event_on": "2026-03-02"})
    assert me.post("/leave/requests", json=again).status_code == 201
    other = ask("2026-03-09", kind="bereavement", event_on="2026-03-02", relative="child")
    assert me.post("/leave/requests", json=other).status_code == 201


def test_maternity_says_until_when_it_runs(han: Person, api: Ways) -> None:
    plan = ask("2026-05-06", "2026-08-26", "maternity", event_on="2026-05-06", is_difficult="true")
    said = notes(api("hanmeimei"), plan)
    assert "从 2026-05-06 休满 113 天，到 2026-08-26 止（周末和节假日计入）" in said
    more = {**plan, "last_day": "2026-08-27"}
    assert "最多 113 天，本次 114 天（《女职工劳动保护特别规定》第七条）" in refusal_of_preview(api("hanmeimei"), more)


def refusal_of_preview(one: Someone, plan: dict[str, Any]) -> str:
    return str(one.get("/leave/preview", query_string=plan).json["refusal"])


def test_where_a_place_gives_nothing_hr_is_named(han: Person, api: Ways) -> None:
    plan = ask("2026-03-04", kind="childcare", event_on="2025-03-10")
    assert "请联系人事设置所在地" in refusal(api("hanmeimei"), plan)
    place("北京")
    left, couple = notes(api("hanmeimei"), plan)[-2:]
    assert left.startswith("孩子2025-03-10至2026-03-09这一岁的育儿假共 5 天，本次之后还剩 4 天")
    assert "双方合计不超过 10 个工作日" in couple
    assert "2022-03-10 至 2025-03-09 之间休" in refusal(api("hanmeimei"), {**plan, "event_on": "2022-03-10"})


def test_days_that_the_other_parent_took_count_where_both_share_them(han: Person, api: Ways) -> None:
    place("北京")
    plan = ask("2026-03-02", "2026-03-05", "childcare", event_on="2025-03-10")
    assert notes(api("hanmeimei"), {**plan, "spouse_days": "5"})[0].endswith(
        "共 5 天，本次之后还剩 1 天（《北京市人口与计划生育条例》（2021-11-26 修正））"
    )
    refused = refusal(api("hanmeimei"), {**plan, "spouse_days": 7})
    assert "最多 3 天，本次 4 天（《北京市人口与计划生育条例》" in refused
    assert "您填写的情况没有育儿假" in refusal(api("hanmeimei"), {**plan, "spouse_days": 10})
    asks = {kind["code"]: [one["name"] for one in kind["asks"]] for kind in api("hanmeimei").get("/leave/kinds").json}
    assert "spouse_days" in asks["childcare"]
    assert not [code for code, names in asks.items() if "spouse_days" in names and code != "childcare"]


def test_elder_care_is_for_only_children(han: Person, api: Ways) -> None:
    place("广东")
    plan = ask("2026-03-04", "2026-03-10", "elder_care", event_on="1960-05-01")
    assert "没有独生子女护理假（《广东省人口与计划生育条例》第三十六条" in refusal(api("hanmeimei"), plan)
    assert notes(api("hanmeimei"), {**plan, "is_only_child": "true"})[0].startswith("2026年独生子女护理假共 5 天")


def test_breastfeeding_is_an_hour_of_each_day(han: Person, api: Ways) -> None:
    plan = ask("2026-03-02", "2026-03-13", "breastfeeding", event_on="2025-09-01", from_time="17:00", to_time="18:00")
    made = api("hanmeimei").post("/leave/requests", json=plan)
    assert (made.status_code, made.json["minutes"]) == (201, 10 * 60)
    two = ask("2026-03-16", "2026-03-16", "breastfeeding", event_on="2025-09-01", from_time="16:00", to_time="18:00")
    assert "每天最多 1小时" in refusal(api("hanmeimei"), two)
    assert api("hanmeimei").post("/leave/requests", json={**two, "babies": 2}).status_code == 201


def test_womens_day_is_half_a_day_on_its_day(han: Person, api: Ways) -> None:
    me, plan = api("hanmeimei"), ask("2027-03-08", kind="half_day", from_half="pm")
    assert "只能在 03-08 请（《全国年节及纪念日放假办法》第三条）" in refusal(
        me, {**plan, **dict.fromkeys(("first_day", "last_day"), "2026-03-09")}
    )
    assert "一次最多 0.5 天" in refusal(me, {**plan, "from_half": "am"})
    assert me.post("/leave/requests", json=plan).status_code == 201


def test_sick_leave_shows_the_medical_period(han: Person, api: Ways) -> None:
    grants.edit("sick", proof_within_days=3)
    me = api("hanmeimei")
    assert me.post("/leave/requests", json=ask("2026-03-04", "2026-03-06", "sick")).status_code == 201
    together, said = notes(me, ask("2026-03-09", "2026-03-15", "sick"))
    assert together == "和相邻的病假连起来共 8 天"
    assert said.startswith("医疗期 3 个月（90 天），从 2026-03-04 算到 2026-09-04，节假日计入：用到 10 天，还剩 80 天")


def test_a_proof_may_come_later_and_is_waited_for(han: Person, api: Ways) -> None:
    grants.edit("sick", proof_within_days=3, proof_overdue="block")
    me = api("hanmeimei")
    made = me.post("/leave/requests", json=ask("2026-02-25", "2026-02-26", "sick", reason="发烧")).json["id"]
    assert me.get(f"/leave/requests/{made}").json["proof_due_on"] == "2026-03-01"
    assert refusal(me, ask("2026-03-04", kind="sick")) == "您 2026-02-25 的病假还没有补交病历或诊断证明，补交后才能再请"
    row = db.session.scalars(select(LeaveRequest).where(LeaveRequest.id == made)).one()
    row.proof_due_on = date(2026, 3, 2)
    db.session.flush()
    assert me.post("/leave/requests", json=ask("2026-03-04", kind="sick")).status_code == 201


def test_asking_afterwards_needs_a_reason(han: Person, api: Ways) -> None:
    me = api("hanmeimei")
    answer = me.post("/leave/requests", json=ask("2026-02-27"))
    assert (answer.status_code, answer.json["title"]) == (422, "补请以前的假请写明事由")
    assert me.post("/leave/requests", json=ask("2026-02-27", reason="家里有事")).status_code == 201


def test_once_is_once(han: Person, api: Ways) -> None:
    grants.edit("marriage", is_once=True, proof_after_days=None)
    me = api("hanmeimei")
    first = ask("2026-03-04", kind="marriage", event_on="2026-02-20")
    assert me.post("/leave/requests", json=first).status_code == 201
    assert (
        me.post("/leave/requests", json={**first, "first_day": "2026-03-05", "last_day": "2026-03-05"}).status_code
        == 201
    )
    other = {**ask("2026-03-09", kind="marriage"), "event_on": "2026-03-08"}
    assert "在职期间只能请一次，您在 2026-03-04 已经请过" in refusal(me, other)


def test_rules_that_need_no_facts_cost_no_statements(han: Person, api: Ways, statements: list[str]) -> None:
    def count(day: str) -> int:
        statements.clear()
        assert me.post("/leave/requests", json=ask(day)).status_code == 201
        return len(statements)

    me = api("hanmeimei")
    me.post("/leave/requests", json=ask("2026-03-03"))
    plain = count("2026-03-04")
    grants.edit("personal", blackouts="2026-06-15..2026-06-18 大促", notice="0 3")
    me.get("/leave/kinds")
    me.get("/leave/preview", query_string=ask("2026-03-05"))  # the new version of the rules is read once
    assert count("2026-03-05") == plain <= 20
    grants.edit("personal", sandwich="all", max_days=5)  # what adjoins is read, and the days between
    me.get("/leave/preview", query_string=ask("2026-03-06"))
    assert count("2026-03-06") == plain + 2


def test_kinds_say_what_their_form_asks(han: Person, api: Ways) -> None:
    kinds = {kind["code"]: kind for kind in api("hanmeimei").get("/leave/kinds").json}
    assert kinds["personal"]["asks"] == []
    asked = [(one["name"], one["control"], one["is_required"]) for one in kinds["bereavement"]["asks"]]
    assert asked == [("event_on", "date", True), ("relative", "choice", True)]
    assert kinds["breastfeeding"]["is_daily"] is True
