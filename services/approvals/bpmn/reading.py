"""The file, read strictly: every element and attribute is one of the subset, or the file is refused by its name."""

import json
from collections import Counter
from typing import Any, NoReturn
from xml.etree.ElementTree import Element as Xml
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kit.errors import Invalid, TooLarge
from services.approvals.bpmn.diagram import Diagram, Element, Flow, Tag
from services.approvals.bpmn.expressions import seen
from services.approvals.bpmn.names import BPMN, DRAWING, SCHEMA, SETTINGS, bpmn, local

LARGEST = 400_000
"""Bytes; the largest chain is about a third of it."""
NOT_BPMN = "这不是有效的 BPMN 2.0 文件，请重新导出后再试"
ATTRIBUTES = {
    "process": {"id", "name", "isExecutable", "isClosed", "processType"},
    "sequenceFlow": {"id", "name", "sourceRef", "targetRef"},
    "exclusiveGateway": {"id", "name", "gatewayDirection", "default"},
    "parallelGateway": {"id", "name", "gatewayDirection"},
    "conditionExpression": {f"{{{SCHEMA}}}type", "language"},
}
NAMED = {"id", "name"}
INSIDE = {bpmn("incoming"), bpmn("outgoing"), bpmn("extensionElements")}
"""What an element may hold; the flows themselves say what comes in and goes out."""


def read(content: bytes) -> Diagram:
    """The graph in the file; `Invalid` names whatever it holds beside the subset."""
    root = _parsed(content)
    processes = [_no_stranger(child) for child in root if child.tag != f"{{{DRAWING}}}BPMNDiagram"]
    if len(processes) != 1:
        raise Invalid(f"文件里有 {len(processes)} 个流程，只能导入一个流程")
    return _process(processes[0])


def _parsed(content: bytes) -> Xml:
    if len(content) > LARGEST:
        raise TooLarge(f"BPMN 文件不能超过 {LARGEST // 1000} KB")
    try:
        root: Xml = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        raise Invalid(NOT_BPMN) from None
    if root.tag != bpmn("definitions"):
        raise Invalid(NOT_BPMN)
    return root


def _no_stranger(child: Xml) -> Xml:
    if child.tag != bpmn("process"):
        _refuse(child)
    return child


def _refuse(found: Xml, owner: Xml | None = None) -> NoReturn:
    names = [f"id：{found.get('id')}"] if found.get("id") else []
    names += [f"名称：{found.get('name')}"] if found.get("name") else []
    names += [f"在 {local(owner.tag)} {owner.get('id', '')} 里"] if owner is not None else []
    told = f"（{'，'.join(names)}）" if names else ""
    raise Invalid(f"不支持 BPMN 元素 {local(found.tag)}{told}，请删除或改画后再导入")


def _process(process: Xml) -> Diagram:
    _check_attributes(process)
    elements, flows = [], []
    for child in process:
        if child.tag == bpmn("sequenceFlow"):
            flows.append(_flow(child))
        elif child.tag != bpmn("extensionElements"):
            elements.append(_element(child))
    diagram = Diagram(process.get("name", ""), _settings(process), tuple(elements), tuple(flows))
    _check_ids(diagram)
    return diagram


def _check_attributes(found: Xml) -> None:
    name = local(found.tag)
    strange = [one for one in found.attrib if one not in ATTRIBUTES.get(name, NAMED)]
    if strange:
        raise Invalid(f"不支持 {name} {found.get('id', '')} 的属性 {local(strange[0])}，请去掉后再导入")


def _element(found: Xml) -> Element:
    name = local(found.tag)
    if found.tag != f"{{{BPMN}}}{name}" or name not in set(Tag):
        _refuse(found)
    _check_attributes(found)
    for child in found:
        if child.tag not in INSIDE:
            _refuse(child, found)
    return Element(_id(found), Tag(name), found.get("name", "").strip(), _settings(found), found.get("default", ""))


def _id(found: Xml) -> str:
    if not found.get("id"):
        raise Invalid(f"{local(found.tag)} 没有 id，请重新导出后再试")
    return found.attrib["id"]


def _flow(found: Xml) -> Flow:
    _check_attributes(found)
    conditions = [_expression(child, found) for child in found if child.tag != bpmn("extensionElements")]
    if _settings(found):
        _refuse(found.find(f".//{SETTINGS}") or found, found)
    source, target = found.get("sourceRef", ""), found.get("targetRef", "")
    return Flow(_id(found), source, target, "".join(conditions))


def _expression(found: Xml, owner: Xml) -> str:
    if found.tag != bpmn("conditionExpression") or len(found):
        _refuse(found, owner)
    _check_attributes(found)
    return seen(found.text or "")


def _settings(found: Xml) -> str:
    """Our settings of an element, as JSON that is known to be an object."""
    strangers = [one for holder in found.findall(bpmn("extensionElements")) for one in holder if one.tag != SETTINGS]
    if strangers:
        _refuse(strangers[0], found)
    texts = [one.text or "" for one in found.findall(f"{bpmn('extensionElements')}/{SETTINGS}")]
    if len(texts) > 1 or (texts and not isinstance(parsed(texts[0]), dict)):
        raise Invalid(f"{local(found.tag)} {found.get('id', '')} 的 settings 无法识别，请重新导出后再试")
    return texts[0] if texts else ""


def parsed(text: str) -> Any:
    """The JSON in a text, `None` when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _check_ids(diagram: Diagram) -> None:
    counted = Counter([one.id for one in diagram.elements] + [one.id for one in diagram.flows])
    twice = [one for one, times in counted.items() if times > 1]
    if twice:
        raise Invalid(f"有多个元素的 id 都是 {twice[0]}，请改成不同的 id")
    for flow in diagram.flows:
        if flow.source not in diagram.by_id or flow.target not in diagram.by_id:
            raise Invalid(f"顺序流 {flow.id} 的起点或终点不存在，请重新连接")
