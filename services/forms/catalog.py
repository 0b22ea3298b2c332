"""Forms and their versions: shipped as data, published anew by HR. What was submitted stays on its version."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from kit import clock
from kit.errors import NotFound
from kit.ids import new_id
from models.base import db
from models.forms import FormVersion
from services import people, platform
from services.forms.rules.definition import Definition
from services.people import Actor

DEFAULTS = Path(__file__).with_name("forms.toml")
FAMILY = "form"


@dataclass(frozen=True)
class Form:
    """A version of a form, as a value."""

    id: str
    code: str
    version: int
    definition: Definition

    @property
    def subject(self) -> str:
        """What approvals call it."""
        return f"{FAMILY}:{self.code}"


def ensure_forms() -> int:
    """Stores the forms the product comes with, unless they are there already; the count added."""
    listed = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["form"]
    return platform.first_of_many(FormVersion, [_default(dict(entry)) for entry in listed])


def _default(entry: dict[str, Any]) -> dict[str, Any]:
    code, definition = entry.pop("code"), Definition.model_validate(entry)
    return row_of(code, 1, definition, None)


def row_of(code: str, version: int, definition: Definition, created_by: str | None) -> dict[str, Any]:
    """A version as its row."""
    common = {"id": new_id(), "created_at": clock.now(), "created_by": created_by}
    return {**common, "code": code, "version": version, "definition": plain(definition)}


def plain(definition: Definition) -> dict[str, Any]:
    """The definition as JSON, without what goes without saying."""
    return definition.model_dump(mode="json", exclude_defaults=True)


_COLUMNS = (FormVersion.id, FormVersion.code, FormVersion.version)


def _newest() -> Select[str, str, int]:
    newer = aliased(FormVersion)
    is_behind = and_(newer.code == FormVersion.code, newer.version > FormVersion.version)
    return select(FormVersion.id, FormVersion.code, FormVersion.version).where(
        ~select(newer.id).where(is_behind).exists()
    )


_NEWEST = _newest()
_NEWEST_OF = _NEWEST.where(FormVersion.code == bindparam("code"))
_DEFINITION = select(FormVersion.definition).where(FormVersion.id == bindparam("version_id"))
_KEY = select(*_COLUMNS).where(FormVersion.id == bindparam("version_id"))


@lru_cache(maxsize=500)
def _parsed(version_id: str) -> Definition:
    # a version never changes, so a process reads it once
    return Definition.model_validate(platform.scalar(_DEFINITION, {"version_id": version_id}))


def _form(row: Any) -> Form:
    return Form(row.id, row.code, row.version, _parsed(row.id))


def all_forms() -> list[Form]:
    """Every form in its newest version, in the order of the catalogue."""
    return sorted(map(_form, platform.rows(_NEWEST)), key=lambda form: (form.definition.sort, form.code))


def in_force(code: str) -> Form:
    """The newest version of a form, in use or not; `NotFound` when there is no such form."""
    found = find(code)
    if found is None:
        raise NotFound("没有这种表单，请从目录重新选择")
    return found


def find(code: str) -> Form | None:
    """The newest version of a form, or nothing."""
    return next(map(_form, platform.rows(_NEWEST_OF, {"code": code})), None)


def as_of(version_id: str) -> Form:
    """The version something was submitted by."""
    return _form(platform.rows(_KEY, {"version_id": version_id})[0])


def versions(code: str) -> list[FormVersion]:
    """The newest fifty versions of a form, the newest first."""
    wanted = select(FormVersion).where(FormVersion.code == code).order_by(FormVersion.version.desc())
    return list(db.session.scalars(wanted.limit(50)))


def usable(actor: Actor) -> list[Form]:
    """The forms this person may fill in, in the order of the catalogue."""
    forms = [form for form in all_forms() if form.definition.is_active]
    home = _home(actor) if any(form.definition.access.departments for form in forms) else set()
    return [form for form in forms if _admits(form, actor, home)]


def usable_by(actor: Actor, code: str) -> Form:
    """The form, if this person may fill it in; `NotFound` otherwise."""
    form = in_force(code)
    home = _home(actor) if form.definition.access.departments else set()
    if not form.definition.is_active or not _admits(form, actor, home):
        raise NotFound("这种表单已停用，或不对您开放")
    return form


def _home(actor: Actor) -> set[str]:
    return set(db.session.scalars(people.lineage(actor.person_id)))


def _admits(form: Form, actor: Actor, home: set[str]) -> bool:
    access = form.definition.access
    has_role = any(role in access.roles for role, _ in actor.grants)
    return access.is_for_all or has_role or not home.isdisjoint(access.departments)


def titles() -> dict[str, str]:
    """What the forms are called, by code, in use or not."""
    return {form.code: form.definition.title for form in all_forms()}
