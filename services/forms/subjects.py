"""Forms as what approvals decide: each a subject with its chain, what conditions may look at, and its parts."""

from services import approvals
from services.approvals import Family, Subject
from services.forms import catalog, dividing, effects
from services.forms.catalog import FAMILY, Form
from services.forms.rules.definition import facts


def subject_of(form: Form) -> Subject:
    """The form as approvals see it."""
    definition = form.definition
    parts = dividing.approved_part if definition.divisible else None
    told = {**facts(definition), **effects.told_by(form.code)}
    return Subject(form.subject, definition.title, definition.chain, told, parts)


def _find(code: str) -> Subject | None:
    form = catalog.find(code)
    return subject_of(form) if form else None


def declare() -> None:
    """Declares the family of forms, once, at import."""
    approvals.declare_family(FAMILY, Family(_find, catalog.titles))
