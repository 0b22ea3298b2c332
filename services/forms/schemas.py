"""What forms take in and give out. What was filled in travels as JSON, by the names of the fields."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from kit.pages import PageQuery
from kit.schema import Day, Identifier, Line, Paragraph, Version, View, Wish
from models.enums import FieldType, FormState
from services.approvals import HistoryOut, StepView
from services.forms.rules.definition import Code
from services.platform import Upload

Given = dict[str, Any]


class Fill(Wish):
    """A form as it stands. `version` is the one the page showed, `draft_id` the draft it goes on from.

    `choices` are whom the applicant chose, by the name of the step: ids, or names, numbers or userids.
    """

    values: Given = Field(default_factory=dict, max_length=100)
    choices: dict[str, tuple[Annotated[Line, Field(max_length=64)], ...]] = Field(default_factory=dict, max_length=20)
    version: Version | None = None
    draft_id: Identifier | None = None


class Attach(Wish):
    """A file for a field of files; its id is what the field then holds."""

    paper: Upload


class Void(Wish):
    """Why an approved form is taken back."""

    reason: Annotated[Paragraph, Field(min_length=1)]


class MineQuery(PageQuery):
    """My submitted forms, newest first."""

    code: Code | None = None
    state: FormState | None = None


class RequestsQuery(PageQuery):
    """HR's list of what was submitted; `format` asks for a file instead of a page."""

    code: Code | None = None
    state: FormState | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    sort: str = Field("-submitted", pattern=r"^-?submitted$")
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class AddForm(Wish):
    """A form of the company's own."""

    code: Code
    title: Line = Field(min_length=1, max_length=20)


class Publish(Wish):
    """A new version of a form, as JSON text; `based_on` is the version that was edited."""

    based_on: Version
    definition: str = Field(min_length=2, max_length=60_000)


class TryForm(Wish):
    """A form being designed, to be shown as applicants would see it."""

    definition: str = Field(min_length=2, max_length=60_000)


class ColumnOut(View):
    """A field of plain values."""

    name: str
    title: str
    type: FieldType
    is_required: bool
    options: tuple[str, ...]
    unit: str
    places: int
    formula: str


class InputOut(ColumnOut):
    """A field of a form, for whoever draws it."""

    help: str
    default: str
    shown_when: str
    columns: tuple[ColumnOut, ...]


class FormLine(View):
    """A form in the catalogue."""

    code: str
    title: str
    icon: str
    group: str
    note: str
    version: int
    is_active: bool


class FormOut(FormLine):
    """A form to be filled in."""

    fields: list[InputOut]


class FormDetail(FormLine):
    """A form with its definition and its versions, for its designer."""

    definition: str
    versions: list["FormVersionOut"]


class FormVersionOut(View):
    """One version of a form."""

    version: int
    saved_at: datetime
    saved_by: str
    definition: str


class FaultOut(View):
    """What is wrong with a field."""

    name: str
    title: str
    sentence: str


class FiledOut(View):
    """A field in words; of a table with `has_sums` the last row sums up; files are pairs of id and name.

    Of a table that `is_divisible` an approver may agree to some rows.
    """

    name: str
    title: str
    text: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    has_sums: bool = False
    files: tuple[tuple[str, str], ...] = ()
    is_divisible: bool = False


class PreviewOut(View):
    """A form as it stands: its title, computed values, the fields that are shown, what is wrong, who would approve."""

    title: str
    computed: list[tuple[str, str]]
    shown: list[str]
    faults: list[FaultOut]
    rows: list[tuple[str, str]]
    steps: list[StepView]
    refusal: str | None


class FillOut(View):
    """A form on its page: what stands in its fields, the names of its files, and what it comes to as it stands."""

    form: FormOut
    typed: Given
    files: dict[str, str]
    departments: list[tuple[str, str]]
    preview: PreviewOut


class DraftOut(View):
    """A draft of mine."""

    id: str
    code: str
    title: str
    values: Given
    saved_at: datetime


class FileOut(View):
    """A file that was uploaded."""

    id: str
    name: str


class RequestOut(View):
    """A submitted form."""

    id: str
    code: str
    form: str
    title: str
    state: FormState
    submitted_at: datetime
    decided_at: datetime | None


class RequestLine(RequestOut):
    """A submitted form in HR's list."""

    person_id: str
    person_name: str
    department: str


class RequestDetail(RequestLine):
    """A submitted form with the fields its reader may see, in the sections of its print layout.

    `consequences` are what approving it would come to, as label and words, as long as it waits.
    """

    version: int
    sections: list["SectionOut"]
    consequences: list[tuple[str, str]]
    history: list[HistoryOut]
    is_mine: bool
    may_change: bool
    may_void: bool


class SectionOut(View):
    """A part of the page with its heading."""

    title: str
    fields: list[FiledOut]
