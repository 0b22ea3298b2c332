"""A form as a browser sends it: flat names into the nested values of a form.

`v.reason` is a field, `v.span.from` a part of one, `v.items.0.amount` a cell of a table, `u.papers.0` a file to add,
`c.人事` whom the applicant chose for that step.
"""

from typing import Any

from pydantic import Field, model_validator

from kit.schema import Identifier, Version, Wish
from services import forms
from services.forms import Attach, Fill
from services.people import Actor
from services.platform import Upload

PARTS = {"v.": "typed", "u.": "uploads", "c.": "choices"}


class Typed(Wish):
    """What stands in the fields of a page; `draft_id` names the draft it goes on from."""

    version: Version | None = None
    draft_id: Identifier | None = None
    typed: dict[str, str] = Field(default_factory=dict)
    uploads: dict[str, Upload] = Field(default_factory=dict)
    choices: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.keys() & set(PARTS.values()):
            return given
        rest = {name: value for name, value in given.items() if name[:2] not in PARTS}
        parts = {part: {n[2:]: value for n, value in given.items() if n[:2] == begin} for begin, part in PARTS.items()}
        return rest | parts


def fill(actor: Actor, body: Typed) -> Fill:
    """The same as a wish of forms; files that came along are kept first and then named like those before."""
    values = nested(body.typed)
    for name, upload in body.uploads.items():
        field = name.partition(".")[0]
        held = values.setdefault(field, [])
        if isinstance(held, list):
            held.append(forms.attach(actor, Attach(paper=upload)).id)
    choices = {step: (chosen,) for step, chosen in body.choices.items()}
    return Fill(values=values, choices=choices, version=body.version, draft_id=body.draft_id)


def nested(flat: dict[str, str]) -> dict[str, Any]:
    """The values by field; where all names of a level are numbers it is a list in their order."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")[:4]
        here = tree
        for part in path:
            below = here.setdefault(part, {})
            here = below if isinstance(below, dict) else here
        here[last] = value
    return {name: _listed(below) for name, below in tree.items()}


def _listed(below: Any) -> Any:
    if not isinstance(below, dict):
        return below
    parts = {name: _listed(part) for name, part in below.items()}
    if not all(name.isdecimal() and len(name) < 4 for name in parts):
        return parts
    return [parts[name] for name in sorted(parts, key=int)]
