"""The file: a graph and its layout as BPMN 2.0 XML with a drawing that any viewer shows."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element as Xml
from xml.etree.ElementTree import SubElement

from kit.text import clip
from services.approvals.bpmn.diagram import KINDS, NOT_IN_XML, Diagram, Element, Flow, Tag
from services.approvals.bpmn.layout import Box, Layout, Point
from services.approvals.bpmn.names import CORNERS, DRAWING, LINES, OURS, PREFIXES, SCHEMA, SETTINGS, bpmn

LONGEST_LABEL = 40
LABEL = (90, 42)
LETTER = (12, 14)
for prefix, namespace in PREFIXES.items():
    ElementTree.register_namespace(prefix, namespace)


def write(diagram: Diagram, layout: Layout) -> bytes:
    """The document; equal graphs give equal bytes."""
    root = Xml(bpmn("definitions"), id="definitions", targetNamespace=OURS, exporter="wecom-hr")
    process = SubElement(root, bpmn("process"), id="chain", name=_clean(diagram.name), isExecutable="false")
    _settings(process, diagram.settings)
    for element in diagram.elements:
        _element(process, element, diagram)
    for flow in diagram.flows:
        _flow(process, flow)
    _draw(root, diagram, layout)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def _settings(parent: Xml, text: str) -> None:
    if text:
        SubElement(SubElement(parent, bpmn("extensionElements")), SETTINGS).text = text


def _element(process: Xml, element: Element, diagram: Diagram) -> None:
    told = {"name": _clean(element.name), "default": element.default}
    made = SubElement(process, bpmn(element.tag), {"id": element.id} | {name: v for name, v in told.items() if v})
    _settings(made, element.settings)
    for name, flows in (("incoming", diagram.arriving), ("outgoing", diagram.leaving)):
        for flow in flows[element.id]:
            SubElement(made, bpmn(name)).text = flow.id


def _flow(process: Xml, flow: Flow) -> None:
    made = SubElement(process, bpmn("sequenceFlow"), id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    if flow.condition:
        made.set("name", clip(flow.condition, LONGEST_LABEL))
        expression = SubElement(made, bpmn("conditionExpression"))
        expression.set(f"{{{SCHEMA}}}type", "bpmn:tFormalExpression")
        expression.text = flow.condition


def _draw(root: Xml, diagram: Diagram, layout: Layout) -> None:
    picture = SubElement(root, f"{{{DRAWING}}}BPMNDiagram", id="drawing")
    plane = SubElement(picture, f"{{{DRAWING}}}BPMNPlane", id="plane", bpmnElement="chain")
    for one in diagram.elements:
        _shape(plane, one, layout.boxes[one.id])
    for flow in diagram.flows:
        _edge(plane, flow, layout.lines[flow.id])


def _shape(plane: Xml, element: Element, box: Box) -> None:
    shape = SubElement(plane, f"{{{DRAWING}}}BPMNShape", id=f"{element.id}_di", bpmnElement=element.id)
    _bounds(shape, box.left, box.top, box.width, box.height)
    if element.name and element.tag not in KINDS:
        label = SubElement(shape, f"{{{DRAWING}}}BPMNLabel")
        top = box.top - LETTER[1] if element.tag is Tag.PARALLEL else box.y - LETTER[1] // 2
        _bounds(label, box.right + 6, top, min(LABEL[0], LETTER[0] * len(element.name)), LETTER[1])


def _edge(plane: Xml, flow: Flow, corners: list[Point]) -> None:
    edge = SubElement(plane, f"{{{DRAWING}}}BPMNEdge", id=f"{flow.id}_di", bpmnElement=flow.id)
    for x, y in corners:
        SubElement(edge, f"{{{LINES}}}waypoint", x=str(x), y=str(y))
    if flow.condition:
        x, y = corners[0]
        label = SubElement(edge, f"{{{DRAWING}}}BPMNLabel")
        _bounds(label, x - LABEL[0] - 6, y + 2, *LABEL)


def _bounds(parent: Xml, x: int, y: int, width: int, height: int) -> None:
    SubElement(parent, f"{{{CORNERS}}}Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
