"""A form as it stands: what was typed, read and quoted. One function for the preview and for the submission."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit import clock, ids
from kit.errors import AppError, Conflict, Invalid
from services import approvals, people, platform
from services.forms import effects
from services.forms.catalog import Form
from services.forms.effects import Filed, Quote
from services.forms.rules.facts import Facts
from services.forms.rules.fields import TODAY
from services.forms.rules.shape import Typed, shape
from services.forms.rules.shown import title_of
from services.forms.rules.values import Filled, read
from services.people import Actor

ATTACHMENT = "forms.attachment"
LONGEST_TITLE = 100


@dataclass(frozen=True)
class Directory:
    """The people, departments and files that the fields of this actor's form may name."""

    actor: Actor

    def person(self, text: str) -> dict[str, str]:
        """The colleague with this name, number or userid."""
        found = approvals.colleague(text)
        return {"id": found.id, "name": found.name}

    def department(self, text: str) -> dict[str, str]:
        """The department with this id."""
        found = people.department_names([text]).get(text)
        if found is None:
            raise Invalid("请从列出的部门中选择")
        return {"id": text, "name": found}

    def file(self, text: str) -> dict[str, str]:
        """The actor's own attachment with this id."""
        name = platform.files.owned(text, self.actor.person_id, ATTACHMENT)
        if name is None:
            raise Invalid("附件已失效，请重新上传")
        return {"id": text, "name": name}


@dataclass(frozen=True)
class Standing:
    """A form as filled in by somebody, with what its effect makes of it."""

    form: Form
    filled: Filled
    title: str
    quote: Quote

    @property
    def facts(self) -> Facts:
        """What conditions of the approval chain compare."""
        typed = {name: value for name, value in self.filled.facts.items() if name != TODAY}
        return {**typed, **dict.fromkeys(effects.told_by(self.form.code), ""), **self.quote.facts}

    @property
    def refusal(self) -> AppError | None:
        """Why it cannot be submitted as it stands."""
        if not self.filled.faults:
            return self.quote.refusal
        faults = self.filled.faults
        found = [{"field": one.name, "label": one.title, "message": one.sentence} for one in faults]
        return Invalid(f"“{faults[0].title}”：{faults[0].sentence}", errors=found)


def stand(actor: Actor, form: Form, given: Mapping[str, Any], request_id: str = "") -> Standing:
    """The form with what was given; `Invalid` only for what cannot be brought into the shape of the form.

    `request_id` is the request that is being changed: it is not in its own way.
    """
    typed = shape(form.definition, given)
    filled = read(form.definition, typed, clock.today(), Directory(actor))
    title = title_of(form.definition, filled.values, actor.name)[:LONGEST_TITLE]
    quote = Quote()
    if not filled.faults:
        filed = Filed(actor.person_id, request_id, title, filled.values, filled.facts)
        quote = effects.of(form.code).quote(filed)
    return Standing(form, filled, title, quote)


def begin(actor: Actor, form: Form) -> tuple[Standing, Typed]:
    """The form as it stands before anybody has typed: with its defaults."""
    given = {one.name: one.default for one in form.definition.fields if one.default}
    return stand(actor, form, given), given


def check_version(form: Form, version: int | None) -> None:
    """`Conflict` when the form changed since the page was opened."""
    if version is not None and version != form.version:
        raise Conflict("这个表单刚更新过，请刷新页面，核对后重新提交")


def chosen(choices: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The ids of those the applicant chose, by step; `Invalid` for somebody who is not known."""
    return {step: [_person(text) for text in some if text] for step, some in choices.items()}


def _person(text: str) -> str:
    return text if re.fullmatch(ids.PATTERN, text) else approvals.colleague(text).id
