"""HR's forms: designed, tried, published by version; what was submitted is listed, exported, printed, taken back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from kit import workbook
from kit.ids import new_id
from models.enums import Role
from services import approvals, people, platform
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.support.clients import Someone

As = Callable[..., Someone]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _company(app: Flask) -> None:
    make_forms.shipped()
    top = make.department("公司")
    team = make.department("研发部", parent=top)
    wang = make.person("wang", "王五", dept=team, leads=True)
    make.person("li", "李雷", superior=wang, dept=team)
    make.person("chen", "陈人事", dept=top, roles=(Role.HR,))


def post(who: Someone, path: str, **fields: Any) -> Any:
    return who.post(path, data={"_key": new_id(), **fields}, headers=HTMX)


def definition(**changes: Any) -> str:
    return json.dumps({**make_forms.EVERYTHING, **changes})


def asked(api: As, code: str, **values: Any) -> str:
    answer = api("li").post(f"/forms/{code}/requests", json={"values": values})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def approve() -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wang")
        (task,) = approvals.my_tasks(wang, approvals.TaskQuery()).items
        approvals.decide(wang, task.id, approvals.Decide(decision="approve"))


def test_a_new_form_is_designed_and_only_then_offered(console: As, api: As) -> None:
    chen = console("chen")
    assert post(chen, "/forms", code="car_use", title="车辆使用").headers["HX-Redirect"] == "/console/forms/car_use"
    assert "停用" in chen.get("/forms").text
    assert "车辆使用" not in api("li").get("/forms").text
    done = post(chen, "/forms/car_use", based_on="1", definition=definition(title="车辆使用"))
    assert done.headers["HX-Redirect"] == "/console/forms/car_use"
    assert "car_use" in api("li").get("/forms").text
    assert "form:car_use" in chen.get("/approvals/flows").text
    assert "已被使用" in post(chen, "/forms", code="car_use", title="再来").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fields": []}, "至少要有一项"),
        ({"fields": [{"name": "A", "title": "甲", "type": "text"}]}, "名字只能用小写字母和下划线"),
        ({"fields": [{"name": "a", "title": "甲", "type": "text"}] * 2}, "字段名 a 用了两次"),
        ({"fields": [{"name": "a", "title": "甲", "type": "choice"}]}, "要写选项"),
        ({"fields": [{"name": "a", "title": "甲", "type": "number", "formula": "b + 1"}]}, "没有字段 b"),
        ({"fields": [{"name": "a", "title": "甲", "type": "text", "formula": "1 + 1"}]}, "结果应为文字"),
        ({"fields": [{"name": "a", "title": "甲", "type": "text", "shown_when": "a == 'x'"}]}, "没有字段 a"),
        ({"fields": [{"name": "a", "title": "甲", "type": "text", "visible_to": ["hr"]}]}, "只能用公式计算"),
        ({"fields": [{"name": "today", "title": "甲", "type": "text"}]}, "today 有固定含义"),
        ({"request_title": "{nobody}的申请"}, "标题模板里用了没有的字段 nobody"),
        ({"request_title": "{applicant"}, "花括号没有配对"),
        ({"layout": [{"title": "一", "fields": ["nothing"]}]}, "打印版式里用了没有的字段 nothing"),
        ({"access": {"departments": ["01J00000000000000000000000"]}}, "部门不存在"),
        ({"chain": {"nodes": [{"name": "甲", "approvers": []}]}}, "至少要有一项"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_not_published(console: As, changes: dict[str, Any], sentence: str) -> None:
    answer = post(console("chen"), "/forms/supplies", based_on="1", definition=definition(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_field_that_the_chain_compares_cannot_be_dropped(console: As) -> None:
    chain = {"nodes": [{"name": "人事", "approvers": [{"kind": "role", "role": "hr"}]},
                       {"name": "上级", "approvers": [{"kind": "superior"}],
                        "when": [[{"field": "items_count", "op": "gt", "value": "5"}]]}]}  # fmt: skip
    saved = post(console("chen"), "/approvals/flows/form:supplies", based_on="0", definition=json.dumps(chain))
    assert saved.status_code == 204, saved.text
    answer = post(console("chen"), "/forms/supplies", based_on="1", definition=definition())
    assert "items_count" in answer.text


def test_of_two_publishers_the_second_is_told(console: As) -> None:
    assert post(console("chen"), "/forms/seal", based_on="1", definition=definition()).status_code == 204
    late = post(console("chen"), "/forms/seal", based_on="1", definition=definition(title="用章"))
    assert (late.status_code, "刚被他人修改过" in late.text) == (409, True)
    assert "第 2 版" in console("chen").get("/forms/seal").text


def test_a_form_is_tried_before_it_is_published(console: As, api: As) -> None:
    chen = console("chen")
    page = chen.post("/forms/seal/try", data={"definition": definition(title="新的用印")}).text
    assert "试填：新的用印" in page
    said = post(
        chen, "/forms/seal/try/preview", definition=definition(), **{"v.words": "x", "v.count": "2", "v.price": "3.5"}
    )
    assert "7.00 元" in said.text
    assert "全类型" not in api("li").get("/forms/seal").text


def test_a_trial_names_the_approvers_of_what_is_being_designed(console: As) -> None:
    """They are those it would have once published: of the drawn chain, unless HR has saved another for the form."""
    with platform.unit_of_work():
        wang = people.by_userid("wang").person_id
    named = {"nodes": [{"name": "车队", "approvers": [{"kind": "person", "person_id": wang}]}]}

    def shown() -> str:
        drawn = definition(chain=named)
        return str(post(console("chen"), "/forms/seal/try/preview", definition=drawn, **{"v.words": "x"}).text)

    page = shown()
    assert "车队" in page
    assert "王五" in page
    assert "直接上级" not in page
    by_head = {"nodes": [{"name": "负责人", "approvers": [{"kind": "department_head"}]}]}
    with platform.unit_of_work():
        wish = approvals.SaveFlow(based_on=0, definition=json.dumps(by_head))
        approvals.save(people.System("tests"), "form:seal", wish)
    page = shown()
    assert "负责人" in page
    assert "车队" not in page


def test_the_list_is_filtered_and_exported_with_its_tables(console: As, api: As) -> None:
    make_forms.published("everything", make_forms.EVERYTHING)
    items = [{"thing": "=笔", "pieces": "3", "each": "2.50"}, {"thing": "纸", "pieces": "1", "each": "10"}]
    request_id = asked(api, "everything", words="甲", private="秘密", count="2", price="1", items=items)
    asked(api, "supplies", items=[{"thing": "杯", "count": "1"}], reason="用")
    chen = console("chen")
    assert "李雷的全类型" in chen.get("/forms/requests", query_string={"code": "everything", "person": "李雷"}).text
    assert "李雷的全类型" not in chen.get("/forms/requests", query_string={"code": "supplies"}).text
    file = chen.get("/forms/requests", query_string={"code": "everything", "format": "xlsx"}).data
    (row,) = workbook.read(file, sheet="表单记录").rows
    assert (row.text("编号"), row.text("仅人事可见"), row.text("总价"), row.text("评分")) == (
        request_id,
        "秘密",
        "2.00",
        "19.50",
    )
    rows = workbook.read(file, sheet="明细").rows
    assert [(one.text("名称"), one.text("小计")) for one in rows] == [("=笔", "7.50"), ("纸", "10.00")]
    csv = chen.get("/forms/requests", query_string={"format": "csv"}).text
    assert "李雷的物品领用" in csv
    assert "秘密" not in csv


def test_an_approved_form_is_taken_back_with_a_reason(console: As, api: As) -> None:
    request_id = asked(api, "supplies", items=[{"thing": "杯", "count": "1"}], reason="用")
    chen, place = console("chen"), f"/forms/requests/{request_id}"
    assert post(chen, f"{place}/void", reason="重复").status_code == 409
    approve()
    assert "作废" in chen.get(place).text
    assert post(chen, f"{place}/void", reason="").status_code == 422
    assert post(chen, f"{place}/void", reason="重复").status_code == 204
    assert api("li").get(f"/forms/requests/{request_id}").json["state"] == "voided"
    assert "李雷" in chen.get(f"{place}/print").text


def test_only_hr_designs_and_reads(console: As, api: As) -> None:
    request_id = asked(api, "supplies", items=[{"thing": "杯", "count": "1"}], reason="用")
    for path in ("/forms", "/forms/seal", "/forms/requests", f"/forms/requests/{request_id}"):
        assert console("wang").get(path).status_code == 403
