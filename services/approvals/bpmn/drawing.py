"""From a chain to its graph: tasks in a row, a pair of gateways around what is conditional, another around branches."""

from collections.abc import Sequence

from services.approvals.bpmn.diagram import TASKS, Diagram, Element, Flow, Tag, settings_text
from services.approvals.bpmn.expressions import condition_of
from services.approvals.rules.chains import Chain, Node

STRUCTURE = {"name", "kind", "branches"}
"""What the drawing itself says of a node."""


def draw(chain: Chain, title: str) -> Diagram:
    """The graph of the chain."""
    pen = _Pen()
    pen.put(Element("start", Tag.START, "提交"))
    pen.sequence(chain.nodes, "node")
    pen.put(Element("end", Tag.END, "结束"))
    settings = chain.model_dump(mode="json", exclude_defaults=True, exclude={"nodes"})
    return Diagram(title, settings_text(settings), tuple(pen.elements), tuple(pen.flows))


class _Pen:
    """Puts one element behind the other; `at` is where the next one is joined to."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.flows: list[Flow] = []
        self.at, self.condition = "", ""

    def put(self, element: Element) -> None:
        """Draws the element, and the arrow from the place the pen stands at."""
        self.elements.append(element)
        if self.at:
            self.join(element.id)
        self.at = element.id

    def join(self, target: str) -> str:
        """An arrow from where the pen stands."""
        flow = Flow(f"flow_{len(self.flows) + 1}", self.at, target, self.condition)
        self.flows.append(flow)
        self.condition = ""
        return flow.id

    def sequence(self, nodes: Sequence[Node], place: str) -> None:
        """Nodes one behind the other; `place` begins their ids."""
        for number, node in enumerate(nodes, 1):
            self._node(node, f"{place}_{number}")

    def _node(self, node: Node, place: str) -> None:
        condition = condition_of(node.when, node.condition)
        if condition:
            self.put(Element(f"{place}_if", Tag.EXCLUSIVE))
        self.condition = condition
        self._branches(node, place) if node.branches else self._task(node, place)
        if condition:
            self._pass_by(f"{place}_if", f"{place}_merge")

    def _pass_by(self, split: str, merge: str) -> None:
        self.put(Element(merge, Tag.EXCLUSIVE))
        self.at = split
        way = self.join(merge)
        self.elements = [Element(one.id, one.tag, default=way) if one.id == split else one for one in self.elements]
        self.at = merge

    def _task(self, node: Node, place: str) -> None:
        self.put(Element(place, TASKS[node.kind], node.name, _settings(node)))

    def _branches(self, node: Node, place: str) -> None:
        fork, join = f"{place}_fork", f"{place}_join"
        self.put(Element(fork, Tag.PARALLEL, node.name, _settings(node)))
        ends = []
        for number, branch in enumerate(node.branches, 1):
            self.at = fork
            self.sequence(branch, f"{place}_{number}")
            ends.append(self.at)
        self.elements.append(Element(join, Tag.PARALLEL))
        for end in ends:
            self.at = end
            self.join(join)
        self.at = join


def _settings(node: Node) -> str:
    return settings_text(node.model_dump(mode="json", exclude_defaults=True, exclude=STRUCTURE))
