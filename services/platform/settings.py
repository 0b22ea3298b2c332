"""Run-time settings: what HR changes while the system runs, declared once with default, type and sentence."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import ScalarSelect, bindparam, select

from kit import clock
from kit.errors import Invalid, NotFound
from models.base import db
from models.platform import Setting
from services.platform import audit
from services.platform.reads import scalar

V = TypeVar("V", bound=BaseModel)

_STORED = select(Setting.value).where(Setting.name == bindparam("name"))
_declared: dict[str, "Declared[Any]"] = {}


@dataclass(frozen=True)
class Declared(Generic[V]):
    """A setting: its name, what it is called, and the value it has until somebody changes it."""

    name: str
    title: str
    default: V

    def get(self) -> V:
        """The value in force."""
        return self.read(scalar(_STORED, {"name": self.name}))

    def stored(self) -> ScalarSelect[Any]:
        """What is kept, as part of another statement; `read` makes the value of it."""
        return select(Setting.value).where(Setting.name == self.name).scalar_subquery()

    def read(self, stored: dict[str, Any] | None) -> V:
        """The value behind what is kept; the default when nothing is."""
        return self.default if stored is None else type(self.default).model_validate(dict(stored))

    def change(self, doer: audit.Doer, value: V, person_id: str | None = None) -> None:
        """Changes the value, with an audit record of both."""
        before, after = self.get().model_dump(mode="json"), value.model_dump(mode="json")
        db.session.merge(Setting(name=self.name, value=after, changed_by=person_id, changed_at=clock.now()))
        audit.record(doer, "platform.setting.change", self.name, before=before, after=after)


def declare(name: str, title: str, default: V) -> Declared[V]:
    """Declares a setting at import; a name belongs to one place."""
    if name in _declared:
        raise ValueError(f"setting {name} is declared twice")
    _declared[name] = declared = Declared(name, title, default)
    return declared


def change(doer: audit.Doer, name: str, values: dict[str, Any], person_id: str) -> None:
    """Changes the setting of this name to what a form says; `Invalid` lists what does not fit."""
    if name not in _declared:
        raise NotFound()
    setting = _declared[name]
    if unknown := sorted(values.keys() - type(setting.default).model_fields.keys()):
        raise Invalid(errors=[{"field": field, "message": "没有这一项"} for field in unknown])
    try:
        value = type(setting.default).model_validate(values)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        errors = [{"field": ".".join(map(str, part["loc"])), "message": "填写的值不合适"} for part in wrong]
        raise Invalid(errors=errors) from None
    setting.change(doer, value, person_id)


def declared() -> list[Declared[Any]]:
    """All settings, for the console, by name."""
    return [_declared[name] for name in sorted(_declared)]
