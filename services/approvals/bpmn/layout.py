"""Where the elements of a drawing stand: rows from top to bottom, branches beside each other. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from services.approvals.bpmn.diagram import Diagram, Element, Flow, Tag

SIZES = {Tag.START: (36, 36), Tag.END: (36, 36), Tag.EXCLUSIVE: (50, 50), Tag.PARALLEL: (50, 50)}
TASK = (100, 80)
COLUMN, GAP, GAP_UNDER_GATEWAY, BESIDE = 190, 40, 64, 30
MARGIN = 40


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; `x` and `y` are its middle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top(self) -> int:
        """Its upper edge."""
        return self.y - self.height // 2

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height // 2

    @property
    def left(self) -> int:
        """Its left edge."""
        return self.x - self.width // 2

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width // 2


Point = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """A box for each element, and the corners of each flow."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, list[Point]]


def lay_out(diagram: Diagram) -> Layout:
    """Places everything: equal diagrams give equal layouts, and no two boxes touch."""
    order = _order(diagram)
    columns, rows = _columns(diagram, order), _rows(diagram, order)
    tops = _tops(diagram, rows)
    moved = MARGIN + TASK[0] - min(columns.values())
    boxes = {
        one.id: Box(columns[one.id] + moved, tops[rows[one.id]], *SIZES.get(one.tag, TASK)) for one in diagram.elements
    }
    return Layout(boxes, {flow.id: _line(flow, diagram, boxes) for flow in diagram.flows})


def _order(diagram: Diagram) -> list[str]:
    before = {one.id: [flow.source for flow in diagram.arriving[one.id]] for one in diagram.elements}
    return list(TopologicalSorter(before).static_order())


def _rows(diagram: Diagram, order: list[str]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for one in order:
        rows[one] = max((rows[flow.source] + 1 for flow in diagram.arriving[one]), default=0)
    return rows


def _columns(diagram: Diagram, order: list[str]) -> dict[str, int]:
    """Branches stand in columns; where they join, the middle goes on, for branches are not split again."""
    columns: dict[str, int] = {}
    for one in order:
        arriving = diagram.arriving[one]
        is_join = diagram.by_id[one].tag is Tag.PARALLEL and len(arriving) > 1
        columns[one] = 0 if is_join or not arriving else columns[arriving[0].source] + _aside(diagram, arriving[0])
    return columns


def _aside(diagram: Diagram, flow: Flow) -> int:
    if diagram.by_id[flow.source].tag is not Tag.PARALLEL:
        return 0
    leaving = diagram.leaving[flow.source]
    return COLUMN * (2 * leaving.index(flow) - len(leaving) + 1) // 2


def _tops(diagram: Diagram, rows: Mapping[str, int]) -> list[int]:
    """The middle of each row, as high as its highest element needs."""
    heights = [0] * (max(rows.values()) + 1)
    gaps = [GAP] * len(heights)
    for one in diagram.elements:
        row = rows[one.id]
        heights[row] = max(heights[row], SIZES.get(one.tag, TASK)[1])
        gaps[row] = max(gaps[row], GAP_UNDER_GATEWAY if len(diagram.leaving[one.id]) > 1 else GAP)
    middles, y = [], MARGIN
    for height, gap in zip(heights, gaps, strict=True):
        middles.append(y + height // 2)
        y += height + gap
    return middles


def _line(flow: Flow, diagram: Diagram, boxes: Mapping[str, Box]) -> list[Point]:
    source, target = boxes[flow.source], boxes[flow.target]
    if flow.id == diagram.by_id[flow.source].default:
        lane = max(boxes[one].right for one in _between(flow, diagram)) + BESIDE
        return [(source.right, source.y), (lane, source.y), (lane, target.y), (target.right, target.y)]
    if source.x == target.x:
        return [(source.x, source.bottom), (target.x, target.top)]
    if _is_gateway(diagram.by_id[flow.source]):
        side = source.right if target.x > source.x else source.left
        return [(side, source.y), (target.x, source.y), (target.x, target.top)]
    side = target.right if source.x > target.x else target.left
    return [(source.x, source.bottom), (source.x, target.y), (side, target.y)]


def _is_gateway(element: Element) -> bool:
    return element.tag is Tag.PARALLEL


def _between(flow: Flow, diagram: Diagram) -> set[str]:
    """What the flow passes by, with its own ends."""
    found, ahead = {flow.source, flow.target}, [flow.source]
    while ahead:
        new = {one.target for one in diagram.leaving[ahead.pop()]} - found
        found |= new
        ahead += new
    return found
