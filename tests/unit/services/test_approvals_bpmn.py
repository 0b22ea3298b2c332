"""Chains as BPMN 2.0: nothing is lost on the way out and back, and what lies outside the subset is named."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Invalid, TooLarge
from services.approvals import bpmn
from services.approvals.bpmn.drawing import draw
from services.approvals.bpmn.layout import Box, lay_out
from services.approvals.bpmn.reading import LARGEST
from services.approvals.rules import fitting
from services.approvals.rules.chains import Chain
from tests.factories.chains import FIELDS, chains

MODEL, OURS = "http://www.omg.org/spec/BPMN/20100524/MODEL", "urn:wecom-hr:approvals:1"
HEAD = f'<definitions xmlns="{MODEL}" xmlns:x="urn:x" xmlns:hr="{OURS}">'
TASK = '<userTask id="t" name="经理"/>'
ENDS = '<startEvent id="s"/><endEvent id="e"/>'
ALONG = '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/>'
SUPERIOR = {"kind": "superior"}


def _file(inside: str) -> bytes:
    return f'{HEAD}<process id="p">{inside}</process></definitions>'.encode()


def _task_with(inside: str) -> str:
    return f'<userTask id="t"><extensionElements>{inside}</extensionElements></userTask>'


def _flows(*pairs: str) -> str:
    """Flows "a b" with the ids `a_b`; "a b days > 3" has a condition."""
    made = []
    for pair in pairs:
        source, target, *condition = pair.split(maxsplit=2)
        told = "".join(f"<conditionExpression><![CDATA[{one}]]></conditionExpression>" for one in condition)
        made.append(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{told}</sequenceFlow>'
        )
    return "".join(made)


@given(chains())
def test_a_chain_survives_the_way_out_and_back(chain: Chain) -> None:
    imported = bpmn.import_chain(bpmn.export_chain(chain, "出差"))
    assert Chain.model_validate(imported.definition) == chain
    assert imported.notes == ()


@given(chains())
def test_random_chains_are_ones_that_are_accepted(chain: Chain) -> None:
    fitting.check_fields(chain, FIELDS)


@given(chains())
def test_no_two_boxes_touch(chain: Chain) -> None:
    boxes = lay_out(draw(chain, "")).boxes.values()
    assert not [pair for pair in combinations(boxes, 2) if _touch(*pair)]
    assert min(min(box.left, box.top) for box in boxes) >= 0


@given(chains(), st.data())
def test_a_file_that_was_tampered_with_is_read_or_refused(chain: Chain, data: st.DataObject) -> None:
    root = ElementTree.fromstring(bpmn.export_chain(chain, "出差"))
    parents = [one for one in root.iter() if len(one)]
    for _ in range(data.draw(st.integers(1, 3))):
        parent = data.draw(st.sampled_from(parents))
        ACTS[data.draw(st.sampled_from(sorted(ACTS)))](parent, data.draw(st.integers(0, len(parent))))
    with suppress(Invalid):
        assert bpmn.import_chain(ElementTree.tostring(root)).definition["nodes"] is not None


def _remove(parent: Element, number: int) -> None:
    for child in list(parent)[number : number + 1]:
        parent.remove(child)


def _rename(parent: Element, _number: int) -> None:
    parent.set("id", "start")


def _empty(parent: Element, number: int) -> None:
    for child in list(parent)[number : number + 1]:
        child.clear()


def _turn(parent: Element, number: int) -> None:
    for child in list(parent)[number:]:
        source, target = child.get("sourceRef", ""), child.get("targetRef", "")
        child.attrib |= {"sourceRef": target, "targetRef": source} if source else {}


def _write(parent: Element, number: int) -> None:
    for child in list(parent)[number:]:
        child.text = '{"when": 5, "approvers": 7}'


ACTS: dict[str, Callable[[Element, int], None]] = {
    "remove": _remove,
    "rename": _rename,
    "empty": _empty,
    "turn": _turn,
    "repeat": lambda parent, number: parent.extend(list(parent)[number : number + 1]),
    "write": _write,
}


def _touch(one: Box, other: Box) -> bool:
    return one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom


def test_a_drawing_from_elsewhere_becomes_nodes_to_be_completed() -> None:
    found = bpmn.import_chain(_file(ENDS + TASK + ALONG))
    assert found.definition == {"nodes": [{"name": "经理", "kind": "approve"}]}
    assert found.notes == ("人工任务 t“经理”没有写明由谁审批，请补充",)


def test_two_ways_become_nodes_under_a_condition_and_its_opposite() -> None:
    tasks = '<userTask id="a" name="总监"/><userTask id="b" name="主管"/>'
    gates = '<exclusiveGateway id="x" name="多吗" default="x_b"/><exclusiveGateway id="y"/>'
    found = bpmn.import_chain(_file(ENDS + tasks + gates + _flows("s x", "x a days > 3", "x b", "a y", "b y", "y e")))
    assert [(one["name"], one["condition"]) for one in found.definition["nodes"]] == [
        ("总监", "days > 3"),
        ("主管", "not (days > 3)"),
    ]
    assert "排他网关 x“多吗”的名称只是图上的文字，没有导入" in found.notes


def test_branches_are_read_in_the_order_of_their_flows() -> None:
    tasks = '<userTask id="a" name="法务"/><sendTask id="b" name="知会"/><businessRuleTask id="c" name="额度"/>'
    gates = '<parallelGateway id="x" name="会签"/><parallelGateway id="y"/>'
    flows = _flows("s x", "x b", "x a", "b c", "c y", "a y", "y e")
    (node,) = bpmn.import_chain(_file(ENDS + tasks + gates + flows)).definition["nodes"]
    assert (node["name"], node["kind"]) == ("会签", "parallel")
    assert [[one["kind"] for one in branch] for branch in node["branches"]] == [["copy", "auto"], ["approve"]]


def test_what_was_changed_in_another_editor_counts() -> None:
    step = {"name": "财务", "approvers": [SUPERIOR], "when": [[{"field": "days", "op": "gt", "value": "3"}]]}
    chain = Chain.model_validate({"nodes": [{"name": "上级", "approvers": [SUPERIOR]}, step]})
    edited = bpmn.export_chain(chain, "").decode().replace("days &gt; 3<", "days &gt; 7<").replace("财务", "会计")
    node = bpmn.import_chain(edited.encode()).definition["nodes"][1]
    assert (node["name"], node["condition"], "when" in node) == ("会计", "days > 7", False)
    assert node["approvers"] == [SUPERIOR]


XOR, MERGE = '<exclusiveGateway id="x" default="x_e"/>', '<exclusiveGateway id="m"/>'
FORKS = "".join(f'<parallelGateway id="{one}"/>' for one in "abcd")
TASKS = "".join(f'<userTask id="{one}" name="经理"/>' for one in "tuv")
TIMER = '<startEvent id="s"><timerEventDefinition id="z"/></startEvent>'
ENTITY = b'<!DOCTYPE d [<!ENTITY a "b">]>' + HEAD.encode() + b"</definitions>"
WHOLE = ENDS + TASK + ALONG
REFUSED = {
    "a subprocess": (WHOLE + '<subProcess id="u" name="子流程"/>', "subProcess（id：u，名称：子流程）"),
    "a script": (WHOLE + '<scriptTask id="js"/>', "scriptTask（id：js）"),
    "a lane": (WHOLE + '<laneSet id="l"/>', "laneSet（id：l）"),
    "a timer": (TIMER, "timerEventDefinition（id：z，在 startEvent s"),
    "a foreign setting": (_task_with('<x:form id="q"/>'), "form（id：q，在 userTask t"),
    "a foreign attribute": (ENDS + '<userTask id="t" x:assignee="me"/>' + ALONG, "userTask t 的属性 assignee"),
    "a foreign task": (ENDS + '<x:userTask id="t"/>', "userTask（id：t）"),
    "two ends": (WHOLE + '<endEvent id="e2"/>', "endEvent，现在有：e、e2"),
    "a loose end": (WHOLE + '<userTask id="u" name="孤儿"/>', "人工任务 u“孤儿”没有连在"),
    "the same id twice": (ENDS + TASK + TASK + ALONG, "id 都是 t"),
    "no id": (ENDS + "<userTask/>", "userTask 没有 id"),
    "a flow to nowhere": (ENDS + _flows("s q"), "顺序流 s_q 的起点或终点不存在"),
    "a condition without a gateway": (ENDS + TASK + _flows("s t days > 1", "t e"), "顺序流 s_t 带有条件"),
    "a flow into the start": (ENDS + TASK + _flows("s t", "t e", "t s"), "不能有流入"),
    "a task that merges": (
        ENDS + XOR + TASK + _flows("s x", "x t a > 1", "x e", "t t", "t e"), "人工任务 t“经理”有多条流入",
    ),
    "a gateway without a default": (ENDS + XOR + TASK + _flows("s x", "x t a > 1", "t e"), "排他网关 x要有两条流出"),
    "a gateway that is not closed": (
        ENDS + XOR + TASK + _flows("s x", "x t a > 1", "x e", "t e"), "在同一个 exclusiveGateway 合并",
    ),
    "a way back": (
        ENDS + MERGE + TASK + XOR + _flows("s m", "m t", "t x", "x m a > 1", "x e"),
        "排他网关 m合并的不是从同一个网关分出的路，或者绕了回来",
    ),
    "branches in branches": (
        ENDS + FORKS + TASKS + _flows("s a", "a b", "b t", "b u", "t c", "u c", "c d", "a v", "v d", "d e"),
        "并行网关 b在另一个并行网关里面",
    ),
    "settings that are not JSON": (_task_with("<hr:settings>[</hr:settings>"), "userTask t 的 settings"),
    "settings that draw": (
        ENDS + _task_with('<hr:settings>{"name": "x"}</hr:settings>') + ALONG, "settings 里不能写 name",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_lies_outside_the_subset_is_refused_by_name(inside: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=re.escape(sentence)):
        bpmn.import_chain(_file(inside))


@pytest.mark.parametrize(
    "content",
    [b"", b"<a/>", b"\xff\xfe", ENTITY, b"<definitions/>", b'<?xml version="1.0" encoding="x-no"?><a/>', b"<" * 100],
)
def test_what_is_no_bpmn_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match=re.escape("不是有效的 BPMN")):
        bpmn.import_chain(content)


def test_a_pool_is_refused_and_two_processes_too() -> None:
    with pytest.raises(Invalid, match="collaboration（id：c"):
        bpmn.import_chain(f'{HEAD}<collaboration id="c"/><process id="p"/></definitions>'.encode())
    with pytest.raises(Invalid, match="2 个流程"):
        bpmn.import_chain(f'{HEAD}<process id="p"/><process id="q"/></definitions>'.encode())


def test_a_large_file_is_not_read() -> None:
    with pytest.raises(TooLarge):
        bpmn.import_chain(b"<" * (LARGEST + 1))
