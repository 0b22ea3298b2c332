"""From a graph back to a chain: gateways have to come in pairs, and every element has to lie on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from kit.errors import Invalid
from models.enums import NodeKind
from services.approvals.bpmn.diagram import KINDS, Diagram, Element, Flow, Tag
from services.approvals.bpmn.drawing import STRUCTURE
from services.approvals.bpmn.expressions import Groups, condition_of
from services.approvals.bpmn.reading import parsed

Values = dict[str, Any]
GROUPS: TypeAdapter[Groups] = TypeAdapter(Groups)
SPLIT = 2
"""An exclusive gateway has a conditional way and a default one."""


@dataclass(frozen=True)
class Imported:
    """A chain as data, to be checked like one that was typed; `notes` say what to add, and which labels were lost."""

    definition: Values
    notes: tuple[str, ...]


def fold(diagram: Diagram) -> Imported:
    """The chain that the graph draws; `Invalid` names the first element that does not fit."""
    walk = _Walk(diagram)
    nodes = walk.whole()
    walk.check_all_seen()
    settings = _values(diagram.settings, {"nodes"}, "流程")
    return Imported({"nodes": nodes, **settings}, tuple(walk.notes))


def _values(text: str, drawn: Iterable[str], owner: object) -> Values:
    values: Values = parsed(text) if text else {}
    if found := set(drawn) & set(values):
        raise Invalid(f"{owner}的 settings 里不能写 {sorted(found)[0]}，请改图上的内容")
    return values


class _Walk:
    """Follows the arrows from the start; a sequence ends where gateways merge, and at the end."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.seen: set[str] = set()
        self.notes: list[str] = []

    def whole(self) -> list[Values]:
        """The nodes between the only start and the only end."""
        start, end = self._only(Tag.START), self._only(Tag.END)
        if self.diagram.arriving[start.id] or self.diagram.leaving[end.id]:
            raise Invalid(f"{start}不能有流入，{end}不能有流出")
        self._visit(start)
        nodes, last = self._sequence(self._next(start))
        if last is not end:
            _misfit(last, "合并的不是从同一个网关分出的路，或者绕了回来")
        self._visit(end)
        return nodes

    def check_all_seen(self) -> None:
        """Nothing stands beside the way."""
        for one in self.diagram.elements:
            if one.id not in self.seen:
                _misfit(one, "没有连在从开始到结束的路上")

    def _only(self, tag: Tag) -> Element:
        found = [one for one in self.diagram.elements if one.tag is tag]
        if len(found) != 1:
            names = "、".join(one.id for one in found) or "无"
            raise Invalid(f"流程要有且只有一个 {tag}，现在有：{names}")
        return found[0]

    def _visit(self, element: Element) -> None:
        self.seen.add(element.id)

    def _next(self, element: Element) -> Element:
        leaving = self.diagram.leaving[element.id]
        if len(leaving) != 1:
            _misfit(element, f"要有且只有一条流出，现在有 {len(leaving)} 条")
        return self._plain(leaving[0])

    def _plain(self, flow: Flow) -> Element:
        if flow.condition:
            raise Invalid(f"顺序流 {flow.id} 带有条件，但不是从排他网关流出的，请在它前面加排他网关")
        return self.diagram.by_id[flow.target]

    def _is_merge(self, element: Element) -> bool:
        return element.tag is Tag.END or len(self.diagram.arriving[element.id]) > 1

    def _sequence(
        self, at: Element, *, is_guarded: bool = False, is_branch: bool = False
    ) -> tuple[list[Values], Element]:
        """The nodes from here on, and the element where the sequence ends."""
        nodes: list[Values] = []
        while not self._is_merge(at):
            self._visit(at)
            made, at = self._step(at, is_guarded, is_branch)
            nodes += made
        if at.tag in KINDS:
            _misfit(at, "有多条流入，请先用网关合并")
        return nodes, at

    def _step(self, at: Element, is_guarded: bool, is_branch: bool) -> tuple[list[Values], Element]:
        if at.tag is Tag.EXCLUSIVE:
            if is_guarded:
                _misfit(at, "在另一个排他网关里面，请把条件写在一起")
            return self._either(at, is_branch)
        if at.tag is Tag.PARALLEL and is_branch:
            _misfit(at, "在另一个并行网关里面，并行分支里不能再分并行")
        node, after = self._together(at) if at.tag is Tag.PARALLEL else self._task(at)
        return [node if is_guarded else _always(node)], after

    def _task(self, at: Element) -> tuple[Values, Element]:
        return self._node(at, KINDS[at.tag]), self._next(at)

    def _node(self, element: Element, kind: NodeKind) -> Values:
        settings = _values(element.settings, STRUCTURE, element)
        self.notes += _gaps(element, kind, settings)
        return {"name": element.name, "kind": kind.value, **settings}

    def _either(self, split: Element, is_branch: bool) -> tuple[list[Values], Element]:
        """Nodes that a condition guards; those on the default way are guarded by its opposite."""
        flow, default = self._ways(split)
        nodes, merge = self._sequence(self.diagram.by_id[flow.target], is_guarded=True, is_branch=is_branch)
        others, other = self._sequence(self._plain(default), is_guarded=True, is_branch=is_branch)
        self._merge(split, {merge.id, other.id}, merge, SPLIT)
        self._label(split)
        if not nodes and not others:
            _misfit(split, "的两条路上都没有环节")
        made = [_guarded(one, flow.condition) for one in nodes]
        made += [_guarded(one, f"not ({flow.condition})") for one in others]
        return made, self._next(merge)

    def _ways(self, split: Element) -> tuple[Flow, Flow]:
        leaving = self.diagram.leaving[split.id]
        default = [one for one in leaving if one.id == split.default]
        guarded = [one for one in leaving if one.condition]
        if len(leaving) != SPLIT or len(default) != 1 or len(guarded) != 1 or default == guarded:
            _misfit(split, "要有两条流出：一条带条件，一条是默认流")
        return guarded[0], default[0]

    def _together(self, fork: Element) -> tuple[Values, Element]:
        node = self._node(fork, NodeKind.PARALLEL)
        leaving = self.diagram.leaving[fork.id]
        found = [self._sequence(self._plain(flow), is_branch=True) for flow in leaving]
        join = found[0][1] if found else fork
        self._merge(fork, {end.id for _, end in found}, join, len(leaving))
        node["branches"] = [nodes for nodes, _ in found]
        return node, self._next(join)

    def _merge(self, split: Element, ends: set[str], merge: Element, ways: int) -> None:
        if len(ends) != 1 or merge.tag is not split.tag or len(self.diagram.arriving[merge.id]) != ways:
            _misfit(split, f"分出的路要在同一个 {split.tag} 合并")
        self._visit(merge)
        if merge.settings:
            _misfit(merge, "合并网关上不能写 settings")
        self._label(merge)

    def _label(self, gateway: Element) -> None:
        if gateway.name:
            self.notes.append(f"{gateway}的名称只是图上的文字，没有导入")


def _misfit(element: Element, words: str) -> NoReturn:
    raise Invalid(f"{element}{words}，请改画后再导入")


def _gaps(element: Element, kind: NodeKind, settings: Values) -> list[str]:
    """What a drawing from elsewhere does not tell of a node."""
    gaps = [] if element.name else [f"{element}没有名称，请填写"]
    if kind in (NodeKind.APPROVE, NodeKind.COPY) and not settings.get("approvers"):
        gaps.append(f"{element}没有写明由谁{'审批' if kind is NodeKind.APPROVE else '接收抄送'}，请补充")
    if kind is NodeKind.AUTO and not (settings.get("test") and settings.get("reason")):
        gaps.append(f"{element}没有写明判断和理由，请补充")
    return gaps


def _always(node: Values) -> Values:
    """The node without conditions: no gateway guards it."""
    return {name: value for name, value in node.items() if name not in ("when", "condition")}


def _guarded(node: Values, condition: str) -> Values:
    """The node under the condition of the drawing; its own way of writing it stays when it says the same."""
    return node if _own_condition(node) == condition else {**_always(node), "condition": condition}


def _own_condition(node: Values) -> str | None:
    try:
        return condition_of(GROUPS.validate_python(node.get("when", ())), str(node.get("condition", "")))
    except ValidationError:
        return None
