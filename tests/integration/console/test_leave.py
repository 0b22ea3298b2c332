"""HR's leave: who is away, who has what and why, and the rules behind it."""

from collections.abc import Callable

import pytest
from flask import Flask

from kit import workbook
from kit.ids import new_id
from models.base import db
from models.enums import Role
from models.people import Person
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def li(app: Flask) -> Person:
    """Li with five days, his superior Wang, and Chen of HR."""
    grants.kinds()
    team = make.department("研发部")
    make.person("chen", "陈人事", roles=(Role.HR,))
    wang = make.person("wangwu", "王五", dept=team)
    person = make.person("lilei", "李雷", superior=wang, dept=team)
    make.person("hanmeimei", "韩梅梅", superior=wang, dept=team)
    grants.lot(person, 5)
    return person


def ask(api: Ways, userid: str, day: str, kind: str = "annual") -> str:
    answer = api(userid).post("/leave/requests", json={"kind": kind, "first_day": day, "last_day": day})
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def post(who: Someone, path: str, **form: object) -> object:
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def test_hr_finds_requests_by_person_kind_state_and_time(li: Person, api: Ways, console: Ways) -> None:
    ask(api, "lilei", "2026-03-04")
    ask(api, "hanmeimei", "2026-04-08", kind="personal")
    hr = console("chen")
    assert "李雷" in (whole := hr.get("/leave").text)
    assert "韩梅梅" in whole
    for query, found in {
        "person=李": "李雷", "kind=personal": "韩梅梅", "first_day=2026-04-01": "韩梅梅", "last_day=2026-03-31": "李雷",
    }.items():  # fmt: skip
        other = {"李雷": "韩梅梅", "韩梅梅": "李雷"}[found]
        page = hr.get(f"/leave?{query}").text
        assert (f">{found}<" in page, f">{other}<" in page) == (True, False), query
    assert "没有符合条件" in hr.get("/leave?state=approved").text


def test_lists_are_sorted_and_come_in_pages(li: Person, api: Ways, console: Ways) -> None:
    for day in ("2026-03-05", "2026-03-03", "2026-03-04"):
        ask(api, "lilei", day)
    hr = console("chen")
    page = hr.get("/leave?sort=first_day&limit=2").text
    assert page.index("3月3日") < page.index("3月4日")
    assert "3月5日" not in page
    cursor = page.split("cursor=")[1].split('"')[0].split("&")[0]
    assert "3月5日" in hr.get(f"/leave?sort=first_day&limit=2&cursor={cursor}").text
    assert hr.get("/leave?sort=name").status_code == 422


def test_a_list_is_exported_and_the_export_audited(li: Person, api: Ways, console: Ways) -> None:
    ask(api, "lilei", "2026-03-04")
    hr = console("chen")
    sheet = workbook.read(hr.get("/leave?format=xlsx").data)
    assert [(row.text("姓名"), row.text("假别"), row.text("天数")) for row in sheet.rows] == [("李雷", "年假", "1")]
    assert "李雷" in hr.get("/leave?format=csv").data.decode("utf-8-sig")
    sheet = workbook.read(hr.get("/leave/balances?format=xlsx").data)
    assert {row.text("姓名"): row.text("年假") for row in sheet.rows}["李雷"] == "4天"


def test_hr_gives_days_with_a_reason_that_the_person_can_read(li: Person, api: Ways, console: Ways) -> None:
    hr = console("chen")
    answer = post(hr, "/leave/adjustments", person_id=li.id, kind="annual", amount="1.5", reason="司龄奖励")
    assert answer.headers["HX-Redirect"] == f"/console/leave/people/{li.id}"
    page = hr.get(f"/leave/people/{li.id}").text
    assert "6.5天" in page
    assert "人事调整：司龄奖励" in page
    refused = post(hr, "/leave/adjustments", person_id=li.id, kind="annual", amount="-9", reason="核减")
    assert (refused.status_code, "余额不够" in refused.text) == (409, True)
    for amount in ("0", "0.0001", "abc", "999"):
        assert (
            post(hr, "/leave/adjustments", person_id=li.id, kind="annual", amount=amount, reason="试").status_code
            == 422
        )
    assert api("lilei").get("/leave/ledger").json["items"][0]["cause"] == "人事调整：司龄奖励"


def test_a_manager_sees_their_people_and_changes_nothing(li: Person, api: Ways, console: Ways) -> None:
    other = make.person("stranger", "外人")
    asked = ask(api, "lilei", "2026-03-04")
    wang = console("wangwu")
    assert "李雷" in wang.get("/leave").text
    assert wang.get(f"/leave/requests/{asked}").status_code == 200
    assert wang.get(f"/leave/people/{li.id}").status_code == 200
    assert wang.get(f"/leave/people/{other.id}").status_code == 404
    assert (
        post(wang, "/leave/adjustments", person_id=li.id, kind="annual", amount="1", reason="好人").status_code == 403
    )
    assert wang.get("/leave/kinds").status_code == 403
    assert "外人" not in wang.get("/leave/balances").text


@pytest.mark.parametrize("path", ["/leave", "/leave/balances", "/leave/kinds", "/leave/kinds/annual"])
def test_employees_stay_outside(li: Person, console: Ways, path: str) -> None:
    assert console("hanmeimei").get(path).status_code == 403


def test_a_rule_is_changed_as_a_version_and_holds_from_then_on(li: Person, api: Ways, console: Ways) -> None:
    hr = console("chen")
    page = hr.get("/leave/kinds/personal").text
    assert "第 1 版" in page
    rules = {"name": "事假", "is_active": "true", "version": 1, "unit": "day", "counting": "working", "max_days": 2}
    assert post(hr, "/leave/kinds/personal", **rules).headers["HX-Redirect"] == "/console/leave/kinds"
    assert post(hr, "/leave/kinds/personal", **rules).status_code == 409
    refused = api("lilei").post(
        "/leave/requests", json={"kind": "personal", "first_day": "2026-03-04", "last_day": "2026-03-06"}
    )
    assert refused.json["title"] == "这种假一次最多 2 天，本次 3 天"
    assert "不带薪" in hr.get("/leave/kinds").text


def test_a_kind_is_never_put_below_the_law(li: Person, console: Ways) -> None:
    hr = console("chen")
    rules = {
        "name": "产假", "is_active": "true", "version": 1, "unit": "day", "counting": "calendar", "gender": "female",
        "occasion": "birth", "is_paid": "true", "proof_after_days": 0,
    }  # fmt: skip
    refused = post(hr, "/leave/kinds/maternity", **rules, event_days="30", max_days=10)
    assert refused.status_code == 422
    assert "“天数按所在地规定”、“单次最多天数（含续假）”" in refused.text
    assert "《女职工劳动保护特别规定》第七条" in refused.text
    assert "第 1 版" in hr.get("/leave/kinds/maternity").text
    assert post(hr, "/leave/kinds/maternity", **rules, by_place="true", event_days="188").status_code < 400


ROW = {
    "place": "海南", "kind": "marriage", "days": "13", "per": "event", "valid_from": "2026-01-01",
    "source": "《海南省人口与计划生育条例》第三十九条",
}  # fmt: skip


def test_a_place_without_rows_is_given_its_own(li: Person, api: Ways, console: Ways) -> None:
    hr = console("chen")
    assert post(hr, "/leave/places", place="海南").status_code == 422
    assert post(hr, "/leave/places/rows", **ROW).headers["HX-Redirect"] == "/console/leave/places"
    assert post(hr, "/leave/places", place="海南").status_code < 400
    page = hr.get("/leave/places").text
    assert "《海南省人口与计划生育条例》第三十九条" in page
    assert "人事添加" in page
    married = {"kind": "marriage", "first_day": "2026-03-04", "last_day": "2026-03-16", "event_on": "2026-02-20"}
    preview = api("lilei").get("/leave/preview", query_string=married).json
    assert any(
        "共 13 天，本次之后还剩 0 天（《海南省人口与计划生育条例》第三十九条）" in one for one in preview["notes"]
    )
    grants.edit("marriage", proof_after_days=None)
    assert api("lilei").post("/leave/requests", json=married).status_code == 201


def test_a_row_of_a_place_is_replaced_from_its_day_on_and_never_below_the_country(
    li: Person, api: Ways, console: Ways
) -> None:
    hr = console("chen")
    for change in ({}, {"days": "1", "valid_from": "2026-04-01"}, {"days": "15", "valid_from": "2026-05-01"}):
        assert post(hr, "/leave/places/rows", **ROW | change).status_code < 400
    assert post(hr, "/leave/places/rows", **ROW | {"days": "16", "valid_from": "2026-05-01"}).status_code < 400
    post(hr, "/leave/places", place="海南")
    assert "第 4 版" in hr.get("/leave/places").text

    def given(first_day: str) -> str:
        plan = {"kind": "marriage", "first_day": first_day, "last_day": first_day, "event_on": "2026-02-20"}
        return str(api("lilei").get("/leave/preview", query_string=plan).json["notes"])

    for day, days in {"2026-03-04": 13, "2026-04-07": 3, "2026-05-06": 16}.items():
        assert f"这一次的婚假共 {days} 天" in given(day), day


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"place": "北京"}, "北京的婚假已有内置规定"),
        ({"kind": "personal"}, "天数不按所在地规定"),
        ({"days": "salary * 2"}, "salary"),
        ({"source": ""}, 'data-field="source"'),
        ({"valid_from": "开春"}, "2026-03-02"),
    ],
)
def test_a_row_of_a_place_has_days_a_source_and_a_date(
    li: Person, console: Ways, change: dict[str, str], says: str
) -> None:
    refused = post(console("chen"), "/leave/places/rows", **ROW | change)
    assert refused.status_code == 422
    assert says in refused.text
    assert post(console("wangwu"), "/leave/places/rows", **ROW).status_code == 403


def test_a_kind_of_the_companys_own(li: Person, api: Ways, console: Ways) -> None:
    hr = console("chen")
    assert post(hr, "/leave/kinds", code="birthday", name="生日假").headers["HX-Redirect"].endswith("/kinds/birthday")
    assert post(hr, "/leave/kinds", code="birthday", name="生日假").status_code == 422
    assert hr.get("/leave/kinds/nothing").status_code == 404
    assert "birthday" not in [kind["code"] for kind in api("lilei").get("/leave/kinds").json]


def test_hr_has_the_year_granted(li: Person, console: Ways, drain: Callable[[], int]) -> None:
    hr = console("chen")
    assert post(hr, "/leave/grants", year=2026).status_code == 204
    drain()
    assert "2026年年假" in hr.get(f"/leave/people/{li.id}").text


@pytest.mark.parametrize("staff", [2, 30])
def test_the_list_of_balances_takes_as_many_statements_for_few_as_for_many(
    li: Person, console: Ways, statements: list[str], staff: int
) -> None:
    for number in range(staff):
        grants.lot(make.person(f"p{number}"), 3)
    hr = console("chen")
    statements.clear()
    assert hr.get("/leave/balances?limit=50").status_code == 200
    assert len(statements) <= 9, "\n".join(statements)


def test_asking_for_leave_takes_as_many_statements_whatever_the_tables_hold(
    li: Person, api: Ways, statements: list[str]
) -> None:
    def count(day: str) -> int:
        who = api("lilei")
        statements.clear()
        assert (
            who.post("/leave/requests", json={"kind": "annual", "first_day": day, "last_day": day}).status_code == 201
        )
        return len(statements)

    ask(api, "lilei", "2026-03-03")
    few = count("2026-03-04")
    superior = db.session.get(Person, li.superior_id)
    for number in range(30):
        make.person(f"q{number}")
        grants.lot(make.person(f"r{number}", superior=superior), 3)
        ask(api, f"r{number}", "2026-04-08")
    assert count("2026-03-05") == few <= 24
