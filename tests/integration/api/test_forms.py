"""Forms from the mini-program: checked whole, kept as drafts, decided by their chain, shown as each field says."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from kit.errors import Invalid
from models.enums import Role
from services import approvals, leave, people, platform
from simulator import Twin
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def company(app: Flask) -> None:
    """Wang leads the team of Li and Han; Chen is HR, Fei pays."""
    make_forms.shipped()
    platform.transact(leave.ensure_kinds)
    top = make.department("公司")
    team = make.department("研发部", parent=top)
    wang = make.person("wang", "王五", dept=team, leads=True)
    make.person("li", "李雷", superior=wang, dept=team)
    make.person("han", "韩梅梅", superior=wang, dept=team)
    make.person("chen", "陈人事", dept=top, roles=(Role.HR,))
    make.person("fei", "费财务", dept=top, roles=(Role.PAYROLL,))


def overtime(**more: Any) -> dict[str, Any]:
    usual = {
        "day": "2026-03-07",
        "day_kind": "休息日",
        "begins": "09:00",
        "hours": "4",
        "wants": "调休",
        "reason": "发布",
    }
    return {"values": {**usual, **more}}


def decide(userid: str, decision: str = "approve", comment: str = "") -> None:
    with platform.unit_of_work():
        actor = people.by_userid(userid)
        (task,) = approvals.my_tasks(actor, approvals.TaskQuery()).items
        approvals.decide(actor, task.id, approvals.Decide(decision=decision, comment=comment))


def faults(answer: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in answer.json["errors"]}


@pytest.mark.usefixtures("company")
class TestFilling:
    def test_everybody_finds_the_shipped_forms(self, api: Ways) -> None:
        found = [line["code"] for line in api("li").get("/forms").json]
        assert found == ["overtime", "trip", "remote", "shift_change", "expense", "supplies", "seal", "certificate",
                         "transfer", "resignation"]  # fmt: skip

    def test_a_form_says_its_fields_and_hides_those_that_are_not_for_the_applicant(self, api: Ways) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        fields = {one["name"]: one for one in api("li").get("/forms/everything").json["fields"]}
        assert "score" not in fields
        assert [one["name"] for one in fields["items"]["columns"]] == ["thing", "pieces", "each", "sum"]

    def test_all_faults_are_told_at_once_by_field(self, api: Ways) -> None:
        answer = api("li").post("/forms/overtime/requests", json=overtime(hours="13", day="gestern", wants="钱"))
        assert answer.status_code == 422
        assert faults(answer) == {
            "hours": "不能大于 12", "day": "请填写日期，例如 2026-03-02", "wants": "请从列出的选项中选择",
        }  # fmt: skip

    def test_a_check_speaks_the_sentence_of_the_form(self, api: Ways) -> None:
        answer = api("li").post("/forms/overtime/requests", json=overtime(day_kind="工作日"))
        assert faults(answer)["wants"].startswith("只有休息日加班可以安排调休")

    def test_it_begins_with_defaults_a_draft_or_a_request_before(self, api: Ways) -> None:
        me = api("li")
        bare = me.get("/forms/overtime/fill").json
        assert (bare["form"]["code"], bare["typed"]) == ("overtime", {})
        assert "day" in bare["preview"]["shown"]
        draft = me.post("/forms/overtime/drafts", json={"values": {"hours": "2"}}).json["id"]
        assert me.get(f"/forms/overtime/fill?draft={draft}").json["typed"] == {"hours": "2"}
        made = me.post("/forms/overtime/requests", json=overtime()).json["id"]
        assert me.get(f"/forms/overtime/fill?like={made}").json["typed"] == overtime()["values"]
        assert api("han").get(f"/forms/overtime/fill?draft={draft}").status_code == 404
        assert api("han").get(f"/forms/overtime/fill?like={made}").status_code == 404

    def test_while_it_is_changed_it_says_what_it_comes_to(self, api: Ways) -> None:
        me = api("li")
        made = me.post("/forms/overtime/requests", json=overtime()).json["id"]
        as_it_was = me.post(f"/forms/requests/{made}/fill", json={}).json
        assert as_it_was["typed"] == overtime()["values"]
        wrong = me.post(f"/forms/requests/{made}/fill", json=overtime(hours="13")).json
        assert [one["name"] for one in wrong["preview"]["faults"]] == ["hours"]
        assert me.get(f"/forms/requests/{made}").json["state"] == "pending"
        assert api("han").post(f"/forms/requests/{made}/fill", json={}).status_code == 404

    def test_a_preview_computes_and_names_the_approvers(self, api: Ways) -> None:
        items = [
            {"day": "2026-03-01", "kind": "交通", "amount": "1200.50"},
            {"day": "2026-03-02", "kind": "住宿", "amount": "900"},
        ]
        said = api("li").post(
            "/forms/expense/preview", json={"values": {"purpose": "拜访", "items": items, "advance": "100"}}
        )
        assert said.json["computed"] == [
            ["费用明细", "2 行，金额合计 2,100.50 元"], ["合计", "2,100.50 元"], ["应付", "2,000.50 元"],
        ]  # fmt: skip
        assert [one["sentence"] for one in said.json["faults"]] == ["合计超过 50 元要附发票"]
        receipt = api("li").post("/forms/files", data={"paper": (BytesIO(PNG), "发票.png")}).json["id"]
        values = {"purpose": "拜访", "items": items, "receipts": [receipt]}
        said = api("li").post("/forms/expense/preview", json={"values": values})
        assert [(step["name"], step["approvers"]) for step in said.json["steps"]] == [
            ("直接上级", ["王五"]), ("部门负责人", ["王五"]), ("财务", ["费财务"]),
        ]  # fmt: skip

    def test_a_field_that_is_not_shown_is_neither_asked_nor_kept(self, api: Ways) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        li = api("li")
        assert (
            li.post("/forms/everything/requests", json={"values": {"words": "a", "one": "甲", "why": "x"}}).status_code
            == 201
        )
        answer = li.post("/forms/everything/requests", json={"values": {"words": "a", "one": "乙"}})
        assert faults(answer) == {"why": "必填"}

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("count", "1.25", "最多 1 位小数"),
            ("count", "1e400", "请填写数字，例如 12.5"),
            ("count", "NaN", "请填写数字，例如 12.5"),
            ("price", "1.005", "最多 2 位小数"),
            ("day", "2026-03-01", "不能早于今天"),
            ("day", "1999-12-31", "日期应在 2000 年到 2099 年之间"),
            ("span", {"from": "2026-03-05", "to": "2026-03-04"}, "结束不能早于开始"),
            ("span", {"from": "2026-03-05"}, "请填写开始和结束日期"),
            (
                "halves",
                {"from": "2026-03-05", "to": "2026-03-05", "from_half": "pm", "to_half": "am"},
                "结束不能早于开始",
            ),
            ("halves", {"from": "2026-03-05", "to": "2026-03-05", "from_half": "x"}, "请选择上午或下午"),
            ("one", "丙", "请从列出的选项中选择"),
            ("many", ["红", "黑"], "请从列出的选项中选择"),
            ("who", "无此人", "没有找到这位同事，请填写姓名、企业微信账号或工号"),
            ("place", "x", "请从列出的部门中选择"),
            ("papers", ["01J00000000000000000000000"], "附件已失效，请重新上传"),
        ],
    )
    def test_each_type_says_what_is_wrong(self, api: Ways, name: str, value: Any, sentence: str) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        answer = api("li").post("/forms/everything/requests", json={"values": {"words": "a", name: value}})
        assert faults(answer) == {name: sentence}

    @pytest.mark.parametrize("value", [True, {"a": 1}, [1], [["a"]], 10**400, "x" * 5000])
    @pytest.mark.parametrize("name", ["words", "count", "span", "many", "papers", "items", "who"])
    def test_odd_values_are_refused_with_a_sentence(self, api: Ways, name: str, value: Any) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        given = {"values": {"words": "a", name: value}}
        for path in ("requests", "preview", "drafts"):
            assert api("li").post(f"/forms/everything/{path}", json=given).status_code in (200, 201, 422)

    def test_a_file_of_somebody_else_cannot_be_attached(self, api: Ways) -> None:
        theirs = api("han").post("/forms/files", data={"paper": (BytesIO(PNG), "a.png")}).json["id"]
        make_forms.published("everything", make_forms.EVERYTHING)
        answer = api("li").post("/forms/everything/requests", json={"values": {"words": "a", "papers": [theirs]}})
        assert faults(answer) == {"papers": "附件已失效，请重新上传"}


@pytest.mark.usefixtures("company")
class TestLife:
    def test_approved_it_is_told_and_kept(self, api: Ways, drain: Callable[[], int], twin: Twin) -> None:
        with twin.quiet():
            for userid in ("li", "wang"):
                twin.add_member(userid, userid)
        made = api("li").post("/forms/overtime/requests", json=overtime())
        assert (made.status_code, made.json["title"], made.json["state"]) == (201, "李雷申请加班4 小时", "pending")
        drain()
        assert any("李雷申请加班4 小时" in seen.title for seen in twin.chat("wang"))
        decide("wang", comment="辛苦了")
        assert api("li").get(f"/forms/requests/{made.json['id']}").json["state"] == "approved"
        drain()
        assert any("申请已通过" in seen.title for seen in twin.chat("li"))

    def test_the_chain_looks_at_the_fields(self, api: Ways) -> None:
        values = {"city": "杭州", "span": {"from": "2026-03-04", "to": "2026-03-11"}, "reason": "驻场"}
        api("li").post("/forms/trip/requests", json={"values": values})
        (mine,) = api("li").get("/approvals/mine").json["items"]
        detail = api("li").get(f"/approvals/instances/{mine['id']}").json
        assert mine["subject"] == "form:trip"
        assert [step["name"] for step in detail["steps"]] == ["直接上级", "部门负责人"]

    def test_withdrawn_it_waits_for_nobody(self, api: Ways) -> None:
        made = api("li").post("/forms/overtime/requests", json=overtime()).json
        assert api("han").post(f"/forms/requests/{made['id']}/withdraw").status_code == 404
        assert api("li").post(f"/forms/requests/{made['id']}/withdraw").status_code == 204
        assert api("wang").get("/approvals/tasks/count").json == {"waiting": 0}
        assert api("li").post(f"/forms/requests/{made['id']}/withdraw").status_code == 409

    def test_changed_it_is_asked_anew(self, api: Ways) -> None:
        li = api("li")
        made = li.post(
            "/forms/supplies/requests", json={"values": {"items": [{"thing": "杯", "count": "1"}], "reason": "用"}}
        )
        place, more = f"/forms/requests/{made.json['id']}", {"items": [{"thing": "杯", "count": "9"}], "reason": "开业"}
        with platform.unit_of_work():
            wang = people.by_userid("wang")
            (task,) = approvals.my_tasks(wang, approvals.TaskQuery()).items
            approvals.send_back(wang, task.id, approvals.SendBack(reason="数量不够"))
        assert api("han").put(place, json={"values": more}).status_code == 404
        assert li.put(place, json={"values": {"reason": "开业"}}).status_code == 422
        assert li.put(place, json={"values": more}).json["state"] == "pending"
        decide("wang")
        assert "9" in str(li.get(place).json["sections"])
        assert li.put(place, json={"values": more}).status_code == 409

    def test_the_applicant_chooses_where_the_chain_says_so(self, api: Ways) -> None:
        chosen = {"kind": "choice", "role": "hr"}
        chain = {"nodes": [{"name": "经办", "approvers": [chosen]}]}
        make_forms.published("pick", {"title": "自选", "fields": make_forms.EVERYTHING["fields"], "chain": chain})
        li, values = api("li"), {"words": "a"}
        (step,) = li.post("/forms/pick/preview", json={"values": values}).json["steps"]
        assert [one["name"] for one in step["choosing"]["candidates"]] == ["陈人事"]
        assert li.post("/forms/pick/requests", json={"values": values}).status_code == 422
        made = li.post("/forms/pick/requests", json={"values": values, "choices": {"经办": ["陈人事"]}})
        assert made.status_code == 201
        assert api("chen").get("/approvals/tasks/count").json == {"waiting": 1}

    def test_a_draft_becomes_the_request_once(self, api: Ways) -> None:
        li = api("li")
        kept = li.post("/forms/overtime/drafts", json={"values": {"hours": "abc"}}).json
        kept = li.post("/forms/overtime/drafts", json={**overtime(), "draft_id": kept["id"]}).json
        assert [one["id"] for one in li.get("/forms/drafts").json] == [kept["id"]]
        assert api("han").get(f"/forms/drafts/{kept['id']}").status_code == 404
        wish = {"values": kept["values"], "draft_id": kept["id"]}
        assert li.post("/forms/overtime/requests", json=wish).json["id"] == kept["id"]
        assert li.post("/forms/overtime/requests", json=wish).status_code == 404
        assert li.get("/forms/drafts").json == []
        assert len(li.get("/forms/requests").json["items"]) == 1

    def test_a_key_submits_once(self, api: Ways) -> None:
        li = api("li")
        again = [
            li.post("/forms/overtime/requests", json=overtime(), headers={"Idempotency-Key": "overtime-1"})
            for _ in "ab"
        ]
        assert again[0].json == again[1].json
        assert len(li.get("/forms/requests").json["items"]) == 1

    def test_what_was_submitted_stays_on_its_version(self, api: Ways) -> None:
        made = api("li").post("/forms/seal/preview", json={"values": {}})
        assert made.status_code == 200
        old = {"title": "小单", "fields": [{"name": "a", "title": "旧名", "type": "text"}]}
        new = {"title": "小单", "fields": [{"name": "b", "title": "新名", "type": "text", "is_required": True}]}
        make_forms.published("small", old)
        one = api("li").post("/forms/small/requests", json={"values": {"a": "x"}}).json
        version = make_forms.published("small", new)
        stale = api("li").post("/forms/small/requests", json={"values": {"b": "x"}, "version": version - 1})
        assert (stale.status_code, "刚更新过" in stale.json["title"]) == (409, True)
        shown = api("li").get(f"/forms/requests/{one['id']}").json["sections"][0]["fields"]
        assert [(field["title"], field["text"]) for field in shown] == [("旧名", "x")]
        assert api("li").get(f"/forms/requests/{one['id']}/copy").json == {}

    def test_each_field_is_shown_to_whom_it_is_for(self, api: Ways) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        items = [{"thing": "笔", "pieces": "3", "each": "2.50"}]
        one = api("li").post(
            "/forms/everything/requests", json={"values": {"words": "a", "private": "秘密", "items": items}}
        )
        path = f"/forms/requests/{one.json['id']}"

        def names(userid: str) -> set[str]:
            sections = api(userid).get(path).json["sections"]
            return {field["name"] for section in sections for field in section["fields"]}

        assert names("li") == {"words", "total", "items", "private"}
        assert names("wang") == {"words", "total", "items"}
        assert names("chen") == {"words", "total", "items", "private", "score"}
        assert api("han").get(path).status_code == 404
        (task,) = api("wang").get("/approvals/tasks").json["items"]
        assert "秘密" not in api("wang").get(f"/approvals/instances/{task['instance_id']}").text

    def test_files_are_opened_by_those_who_may_see_the_field(self, api: Ways) -> None:
        make_forms.published("everything", make_forms.EVERYTHING)
        file_id = api("li").post("/forms/files", data={"paper": (BytesIO(PNG), "合同.png")}).json["id"]
        one = api("li").post("/forms/everything/requests", json={"values": {"words": "a", "papers": [file_id]}}).json
        path = f"/forms/requests/{one['id']}/files/{file_id}"
        assert api("wang").get(path).data == PNG
        assert api("han").get(path).status_code == 404
        assert api("wang").get(f"/forms/requests/{one['id']}/files/{one['id']}").status_code == 404

    def test_somebody_who_left_asks_for_nothing(self, api: Ways) -> None:
        api("li").post("/forms/overtime/requests", json=overtime())
        api("li").post("/forms/overtime/drafts", json=overtime())
        with platform.unit_of_work():
            platform.publish(people.Left(people.by_userid("li").person_id))
        assert api("wang").get("/approvals/tasks/count").json == {"waiting": 0}
        assert api("li").get("/forms/drafts").json == []


@pytest.mark.usefixtures("company")
class TestWhoMay:
    def test_departments_and_roles_open_a_form(self, api: Ways) -> None:
        with platform.unit_of_work():
            home = people.by_userid("li").department_id
        make_forms.published(
            "team", {"title": "团队", "access": {"departments": [home]}, "fields": make_forms.EVERYTHING["fields"]}
        )
        make_forms.published(
            "paying", {"title": "财务", "access": {"roles": ["payroll"]}, "fields": make_forms.EVERYTHING["fields"]}
        )
        seen = {
            userid: {line["code"] for line in api(userid).get("/forms").json} & {"team", "paying"}
            for userid in ("li", "fei", "chen")
        }
        assert seen == {"li": {"team"}, "fei": {"paying"}, "chen": set()}
        assert api("chen").get("/forms/team").status_code == 404
        assert api("chen").post("/forms/team/requests", json={"values": {"words": "a"}}).status_code == 404

    def test_a_form_out_of_use_is_gone_but_its_requests_go_on(self, api: Ways) -> None:
        fields = [{"name": "a", "title": "甲", "type": "text"}]
        make_forms.published("small", {"title": "小单", "fields": fields})
        one = api("li").post("/forms/small/requests", json={"values": {"a": "x"}}).json
        make_forms.published("small", {"title": "小单", "fields": fields, "is_active": False})
        assert api("li").get("/forms/small").status_code == 404
        decide("wang")
        assert api("li").get(f"/forms/requests/{one['id']}").json["state"] == "approved"


@pytest.mark.usefixtures("company")
def test_a_form_that_acts_keeps_the_fields_it_works_by() -> None:
    with pytest.raises(Invalid, match="要保留用到的字段"):
        make_forms.published("overtime", make_forms.EVERYTHING)
