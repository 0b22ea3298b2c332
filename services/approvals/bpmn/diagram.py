"""A chain as a graph, between its tree of nodes and the file: elements, and the flows that join them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from models.enums import NodeKind

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Tag(StrEnum):
    """The elements of BPMN that a chain is drawn with."""

    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SEND = "sendTask"
    RULE = "businessRuleTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"


KINDS = {Tag.USER: NodeKind.APPROVE, Tag.SEND: NodeKind.COPY, Tag.RULE: NodeKind.AUTO}
TASKS = {kind: tag for tag, kind in KINDS.items()}
TITLES = {
    Tag.START: "开始事件",
    Tag.END: "结束事件",
    Tag.USER: "人工任务",
    Tag.SEND: "发送任务",
    Tag.RULE: "业务规则任务",
    Tag.EXCLUSIVE: "排他网关",
    Tag.PARALLEL: "并行网关",
}


@dataclass(frozen=True)
class Element:
    """Something that flows lead to or from. `settings` is JSON of ours, `default` the flow taken when no other is."""

    id: str
    tag: Tag
    name: str = ""
    settings: str = ""
    default: str = ""

    def __str__(self) -> str:
        """How sentences call it."""
        return f"{TITLES[self.tag]} {self.id}" + (f"“{self.name}”" if self.name else "")


@dataclass(frozen=True)
class Flow:
    """An arrow, taken only when its condition holds, if it has one."""

    id: str
    source: str
    target: str
    condition: str = ""


@dataclass(frozen=True)
class Diagram:
    """A drawn chain: what it is called, its own settings, its elements and flows in the order of the file."""

    name: str
    settings: str
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Element]:
        """The elements by their ids."""
        return {element.id: element for element in self.elements}

    @cached_property
    def leaving(self) -> Mapping[str, list[Flow]]:
        """The flows that leave each element."""
        return {one.id: [flow for flow in self.flows if flow.source == one.id] for one in self.elements}

    @cached_property
    def arriving(self) -> Mapping[str, list[Flow]]:
        """The flows that arrive at each element."""
        return {one.id: [flow for flow in self.flows if flow.target == one.id] for one in self.elements}


def settings_text(values: Mapping[str, Any]) -> str:
    """Settings as JSON that XML can carry, whatever characters are in them; nothing when there are none."""
    text = json.dumps(values, ensure_ascii=False) if values else ""
    return NOT_IN_XML.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
