"""What a form does beyond being recorded: a domain above plugs in how its form is quoted, applied and undone.

Quoting changes nothing and is asked while somebody types; applying happens in the transaction of the last approval,
undoing in that of the act that takes the approval back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kit.errors import AppError
from services.approvals import Fact
from services.forms.rules.facts import Facts, Values
from services.forms.rules.shown import Row


@dataclass(frozen=True)
class Filed:
    """A form as its effect sees it: whose, under which id, what was filled in, and what expressions see of it."""

    person_id: str
    request_id: str
    title: str
    values: Values
    facts: Facts


@dataclass(frozen=True)
class Quote:
    """What applying would come to, as rows of label and words, or the refusal with which it could not be submitted.

    `facts` are what the effect tells the conditions of the approval chain beside the form's own fields.
    """

    rows: tuple[Row, ...] = ()
    refusal: AppError | None = None
    facts: Facts = field(default_factory=dict)


class Effect(Protocol):
    """The plug of a form. `needs` are the fields it reads: a form without them cannot be published."""

    needs: frozenset[str]

    def quote(self, filed: Filed) -> Quote:
        """What it would come to."""

    def apply(self, filed: Filed) -> None:
        """It was approved."""

    def undo(self, filed: Filed) -> None:
        """It was taken back after approval; `Conflict` when that is no longer possible."""


class Record:
    """The effect of forms that are only kept."""

    needs: frozenset[str] = frozenset()

    def quote(self, filed: Filed) -> Quote:
        """Nothing to tell."""
        return Quote()

    def apply(self, filed: Filed) -> None:
        """The form itself is the record."""

    def undo(self, filed: Filed) -> None:
        """The state of the form says it."""


RECORD = Record()
_effects: dict[str, Effect] = {}
_told: dict[str, Mapping[str, Fact]] = {}


def plug(code: str, effect: Effect, tells: Mapping[str, Fact] | None = None) -> None:
    """Declares at import what the form with this code does, and which texts its quote tells the approval chain."""
    if code in _effects:
        raise ValueError(f"form {code} has an effect already")
    _effects[code] = effect
    _told[code] = tells or {}


def told_by(code: str) -> Mapping[str, Fact]:
    """What the form's effect tells beside its fields; a text that is empty where it was not quoted."""
    return _told.get(code, {})


def of(code: str) -> Effect:
    """What the form does."""
    return _effects.get(code, RECORD)
