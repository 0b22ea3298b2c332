"""Every template renders from its sample, looks as reviewed, survives long and hostile words, and can be answered.

`UPDATE_SNAPSHOTS=1` writes the snapshots; read the difference like code.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import services
from entrypoints.callbacks.taps import VERBS
from templates_msg import Message, Wire, catalog, render

SNAPSHOTS = Path(__file__).parent / "snapshots"
DOMAINS = {path.name for path in Path(services.__path__[0]).iterdir() if path.is_dir()}
HOSTILE = '李\U0001f600"}{{ 7 * 7 }}{% raw %}<a href="x">' + "很长的名字" * 60


def verbs(wire: Wire) -> set[str]:
    """The verbs on the buttons and in the menu of a card rendered without actions."""
    card = wire.get("template_card", {})
    pressed = card.get("button_list", []) + card.get("action_menu", {}).get("action_list", [])
    return {button["key"].partition(":")[0] for button in pressed if "key" in button}


def shown(name: str) -> dict[str, Any]:
    template, _ = catalog.load(name)
    wire = render(Message(name, template.sample))
    wire.get("template_card", {}).pop("task_id", None)
    return wire


@pytest.mark.parametrize("name", catalog.names())
def test_a_template_looks_as_reviewed(name: str) -> None:
    snapshot = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(json.dumps(shown(name), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert shown(name) == json.loads(snapshot.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", catalog.names())
def test_a_template_survives_whatever_people_are_called(name: str) -> None:
    template, _ = catalog.load(name)
    texts = {fact for fact, kind in template.params.items() if kind == "str" and not fact.endswith("link")}
    facts = {fact: HOSTILE if fact in texts else value for fact, value in template.sample.items()}
    title = render(Message(name, facts)).get("template_card", {}).get("main_title", {})
    assert "49" not in json.dumps(title, ensure_ascii=False)


@pytest.mark.parametrize("name", catalog.names())
def test_a_template_belongs_to_a_domain(name: str) -> None:
    assert name.partition("/")[0] in DOMAINS


@pytest.mark.parametrize("name", catalog.names())
def test_every_button_has_a_handler(name: str) -> None:
    assert verbs(shown(name)) <= VERBS.keys()


@pytest.mark.parametrize("name", catalog.names())
def test_an_approver_finds_the_same_button_in_the_same_place(name: str) -> None:
    buttons = shown(name).get("template_card", {}).get("button_list", [])
    decisions = [button["key"].partition(":")[0] for button in buttons if "key" in button]
    assert "approve" not in decisions or decisions == ["approve", "reject"]


@pytest.mark.parametrize("name", catalog.names())
def test_whoever_may_refuse_may_say_why(name: str) -> None:
    card = shown(name).get("template_card", {})
    assert ("reject" in verbs(shown(name))) == ("button_selection" in card)


def test_no_snapshot_is_left_behind() -> None:
    assert {p.relative_to(SNAPSHOTS).with_suffix("").as_posix() for p in SNAPSHOTS.glob("*/*.json")} == set(
        catalog.names()
    )
