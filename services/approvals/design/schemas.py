"""What the designer of chains takes in, gives out and tells."""

from datetime import datetime

from pydantic import Field

from kit.schema import Version, View, Wish
from models.enums import NodeKind, SignMode
from services.platform import Upload


class SaveFlow(Wish):
    """A new version of a chain, as JSON text; `based_on` is the version that was edited."""

    based_on: Version
    definition: str = Field(min_length=2, max_length=20_000)


class TryFlow(Wish):
    """Try a chain on somebody's request before it is saved; `facts` are lines of `field = value`."""

    definition: str = Field(min_length=2, max_length=20_000)
    applicant: str = Field(min_length=1, max_length=64)
    facts: str = Field("", max_length=2000)


class NodeOut(View):
    """A node of a chain in words: whom it asks (or what it tests), how it is passed, when, how long it may take."""

    name: str
    kind: NodeKind
    asks: str
    mode: SignMode
    way: str
    when: str
    limit: str


class FlowOut(View):
    """The chain in force for a subject; version 0 is the one the product came with."""

    subject: str
    title: str
    version: int
    nodes: list[NodeOut]
    fallback: str
    definition: str
    fields: dict[str, str]
    versions: list["VersionOut"]


class ReadyMade(View):
    """A chain to begin with: what it is called and good for, and its definition as JSON text."""

    code: str
    title: str
    about: str
    definition: str


class VersionOut(View):
    """An older or newer version of a chain."""

    version: int
    saved_at: datetime | None
    saved_by: str
    definition: str


class Draft(Wish):
    """A chain being edited, as JSON text; nothing is saved."""

    definition: str = Field(min_length=2, max_length=20_000)


class DesignQuery(Wish):
    """What to begin with: a ready-made chain by its code, or a version; the one in force when none is named."""

    version: Version | None = None
    ready: str | None = Field(None, max_length=32)


class CompareQuery(Wish):
    """Two versions of a chain."""

    first: Version
    second: Version


class BringFile(Wish):
    """A BPMN 2.0 file."""

    bpmn: Upload


class ColleagueQuery(Wish):
    """Somebody by userid, employee number or full name."""

    who: str = Field(min_length=1, max_length=64)


class PersonOut(View):
    """Somebody a chain may name."""

    id: str
    name: str


class FieldOut(View):
    """A field that conditions may look at."""

    name: str
    title: str
    kind: str


class DesignOut(View):
    """The chain being edited and where it comes from, and what the designer offers."""

    flow: FlowOut
    begins_with: str
    definition: str
    ready_made: list[ReadyMade]
    fields: list[FieldOut]
    people: dict[str, str]


class Finding(View):
    """Something wrong: `place` is the path of a node ("nodes.1.branches.0.2") or empty, for the chain as a whole."""

    place: str
    message: str


class ImportedOut(View):
    """A chain from a file, as JSON text, and what has to be added to it."""

    definition: str
    notes: list[str]


class StepShift(View):
    """How many requests of the month would have a step more, and how many less."""

    step: str
    gained: int
    lost: int


class Example(View):
    """A request that would take another way."""

    title: str
    applicant: str
    started_at: datetime
    was: list[str]
    now: list[str]


class ReplayOut(View):
    """What a draft would have meant for the requests of the last days; `total` were made, `seen` were looked at."""

    days: int
    total: int
    seen: int
    changed: int
    refused: int
    shifts: list[StepShift]
    examples: list[Example]


class ChangeOut(View):
    """One difference between two chains; `tone` is good for what came, bad for what went."""

    about: str
    words: str
    tone: str


class ComparisonOut(View):
    """Two versions, beside each other."""

    flow: FlowOut
    first: VersionOut
    second: VersionOut
    changes: list[ChangeOut]
