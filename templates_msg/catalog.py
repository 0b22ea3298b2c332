"""Templates by name: read once, compiled once; facts in, a finished, checked message out.

    render(Message("leave/approval_request", {"applicant": "李雷", ...}), {"approve": action_id, "reject": action_id})

A value can contain quotes, braces or markup: what has been rendered is never parsed again.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, model_validator

import wecom
from kit.ids import new_id
from templates_msg import facts as facts_of
from templates_msg.filters import FILTERS
from templates_msg.layout import Card, card_wire
from templates_msg.wire import MESSAGES, Wire, parse

FOLDER = Path(__file__).parent
LONGEST_BASE = "https://" + "x" * 92  # limits must hold at any address this is installed under

Fill = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Message:
    """What is to be said: a template (`domain/name`) and the facts it asks for."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Template(BaseModel):
    """A file: its type, the facts it asks for, the words, and a sample for tests and previews."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: str
    params: dict[str, str] = {}
    card: dict[str, Any] | None = None
    message: dict[str, Any] | None = None
    sample: dict[str, Any] = {}

    @model_validator(mode="after")
    def _whole(self) -> "Template":
        if unknown := set(self.params.values()) - facts_of.TYPES.keys():
            raise ValueError(f"no such type of fact: {', '.join(sorted(unknown))}")
        if (self.type in wecom.cards.TYPES) != (self.card is not None) or (self.type in MESSAGES) != bool(self.message):
            raise ValueError(f"{self.type} does not go with the sections of the file")
        return self


def render(message: Message, actions: Mapping[str, str] | None = None) -> Wire:
    """The finished message in its stored form. `actions` gives every verb on a button the id of what it acts on.

    Every card gets a task id of its own: two that say the same within hours are still two, a repeat of one is not.
    `TypeError` for facts that do not fit, `wecom.InvalidMessage` for what WeCom would refuse: both are our mistakes.
    """
    template, fill = load(message.template)
    facts_of.check(message.template, template.params, message.facts)
    words = fill(message.facts)
    if template.card is not None:
        card = card_wire(template.type, Card.model_validate(words), actions)
        wire: Wire = {"msgtype": "template_card", "template_card": {**card, "task_id": new_id()}}
    else:
        wire = {"msgtype": template.type, template.type: words}
    parse(wire, LONGEST_BASE)
    return wire


def title(message: Message) -> str:
    """The heading of a card alone."""
    words: str = _titles(message.template)(message.facts)
    return words


@cache
def _titles(name: str) -> Fill:
    template, _ = load(name)
    assert template.card is not None
    return _compile(template.card["title"], CARDS)


@cache
def load(name: str) -> tuple[Template, Fill]:
    """The template and what fills its words, from `templates_msg/<name>.toml`."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise TypeError(f"no message template {name}")
    template = Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
    environment = CARDS if template.card is not None else MARKED_UP
    return template, _compile(template.card if template.card is not None else template.message, environment)


def names() -> list[str]:
    """All templates there are."""
    return sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.toml"))


def _environment(finalize: Callable[[Any], Any] | None) -> ImmutableSandboxedEnvironment:
    # nothing here is HTML: a card is plain text, and what is not is made inert
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=finalize)
    made.filters = FILTERS
    return made


CARDS = _environment(None)
MARKED_UP = _environment(lambda value: wecom.inert(str(value)))


def _compile(node: Any, environment: ImmutableSandboxedEnvironment) -> Fill:
    if isinstance(node, str):
        return _sentence(node, environment)
    if isinstance(node, dict):
        parts = {name: _compile(part, environment) for name, part in node.items()}
        return lambda facts: {name: fill(facts) for name, fill in parts.items()}
    if isinstance(node, list):
        items = [(part.get("each") if isinstance(part, dict) else None, _compile(part, environment)) for part in node]
        return lambda facts: [filled for each, fill in items for filled in _repeated(each, fill, facts)]
    return lambda _facts: node


def _sentence(text: str, environment: ImmutableSandboxedEnvironment) -> Fill:
    if "{" not in text:
        return lambda _facts: text
    template = environment.from_string(text)
    return lambda facts: template.render(facts)


def _repeated(each: str | None, fill: Fill, facts: Mapping[str, Any]) -> list[Any]:
    if not each:
        return [fill(facts)]
    return [fill({**facts, "pair": {"key": key, "value": value}}) for key, value in facts[each]]
