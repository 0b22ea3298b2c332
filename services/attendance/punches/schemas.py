"""What punching takes in and gives out."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from kit.pages import PageQuery
from kit.schema import Identifier, Line, Paragraph, View, Wish
from kit.text import plain
from models.enums import CaseState, Direction, FieldState, SignalKind, Verdict
from services.attendance.geo import Datum
from services.attendance.punches import rules
from services.platform import Upload

NOWHERE = "没有收到您的位置，请允许定位后再打卡，或扫描打卡点的二维码"
BSSID = r"^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$"
LONGEST_LIST = 6000


class Way(StrEnum):
    """Where somebody says they work: at a place of theirs, at a customer's, or anywhere on a day agreed to be."""

    HERE = "here"
    FIELD = "field"
    REMOTE = "remote"


class Punch(Wish):
    """A punch and what it rests on: a position, a scanned code, a beacon heard, a Wi-Fi; in the field, whom it is for.

    `nonce` names the act: a retry under it is the same punch. `device` is what the client calls itself, the same each
    time. All of it is a claim; the time is the server's.
    """

    direction: Direction
    way: Way = Way.HERE
    latitude: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    accuracy: float = Field(0, ge=0, le=10_000_000, allow_inf_nan=False, description="metres")
    datum: Datum = Datum.WGS84
    code: str | None = Field(None, min_length=1, max_length=500)
    beacon: str | None = Field(None, pattern=r"^[0-9A-Fa-f]{16}$", description="what the beacon says now")
    wifi: str | None = Field(None, pattern=BSSID, description="BSSID of the router connected to")
    is_mocked: bool = False
    device: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{8,64}$")
    spot: Annotated[Line, Field(title="所在地点")] = ""
    customer: Annotated[Line, Field(title="客户")] = ""
    note: Annotated[Paragraph, Field(title="说明")] = ""
    photo: Upload | None = None
    nonce: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{8,64}$")

    @property
    def has_position(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    @model_validator(mode="after")
    def _somewhere(self) -> "Punch":
        shown = self.code or self.beacon or self.wifi or self.has_position
        if self.way is Way.HERE and not shown:
            raise ValueError(NOWHERE)
        if self.way is Way.FIELD and not self.spot:
            raise ValueError("请填写您在哪里")
        return self

    @model_validator(mode="after")
    def _pictured(self) -> "Punch":
        """Nobody looks at the photo of another punch, so it is refused rather than thrown away."""
        if self.photo is not None and self.way is not Way.FIELD:
            raise ValueError("只有外勤打卡才带照片，请去掉照片再打卡")
        if self.photo is not None and not self.photo.content:
            raise ValueError("照片是空的，请重新拍一张")
        return self


class PunchOut(View):
    """What was recorded, and what it means for the day so far."""

    day: date
    at: datetime
    direction: Direction
    place: str
    sentence: str
    verdicts: list[Verdict]
    next: Direction


# ── places ──


def _networks(text: str) -> str:
    rules.networks(text)
    return text


class PlaceWish(Wish):
    """A work place. Maps in China show GCJ-02, so that is what HR copies unless they say otherwise.

    `networks` lists its Wi-Fi, a router on each line: BSSID, a space, its name.
    """

    name: Annotated[Line, Field(min_length=1, max_length=60)]
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    datum: Datum = Datum.GCJ02
    radius: int = Field(300, ge=50, le=5000, description="metres")
    department_id: Identifier | None = None
    has_code: bool = False
    has_beacon: bool = False
    networks: Annotated[
        str, AfterValidator(plain), AfterValidator(_networks), Field(max_length=LONGEST_LIST, title="办公 Wi-Fi")
    ] = ""


class PlaceOut(View):
    """A work place (WGS-84). `kiosk` is the secret path of its code screen, `beacon` the secret of its beacon in
    hexadecimal, while it has one."""

    id: str
    name: str
    latitude: float
    longitude: float
    radius: int
    department_id: str | None
    department: str
    has_code: bool
    has_beacon: bool
    networks: str
    is_active: bool
    kiosk: str | None
    beacon: str | None


class CodeOut(View):
    """What the screen at a place shows now."""

    place: str
    code: str
    seconds_left: int


# ── field punches ──


class FieldQuery(PageQuery):
    """Field punches of my people, newest first."""

    state: FieldState | None = FieldState.OPEN
    department: Identifier | None = None


class FieldOut(View):
    """A field punch and what was said to it. `away` is how far from the nearest place of the person, in words."""

    id: str
    person_id: str
    name: str
    at: datetime
    direction: Direction
    place: str
    customer: str
    note: str
    has_photo: bool
    away: str
    state: FieldState
    title: str
    may_decide: bool


class DecideFields(Wish):
    """What I say to these field punches, all at once."""

    ids: list[Identifier] = Field(min_length=1, max_length=200, title="外勤打卡")
    is_doubted: bool = False
    note: Annotated[Paragraph, Field(title="疑问")] = ""

    @model_validator(mode="after")
    def _why(self) -> "DecideFields":
        if self.is_doubted and len(self.note) < 2:
            raise ValueError("请写明有什么疑问，员工会看到并答复")
        return self


class DecidedOut(View):
    """How many were decided by this, of how many named."""

    decided: int
    named: int


# ── cases ──


class CaseQuery(PageQuery):
    """Cases of my people, newest first."""

    state: CaseState | None = CaseState.OPEN
    kind: SignalKind | None = None
    department: Identifier | None = None


class CaseOut(View):
    """Punches to look at again: what was seen, what the person says, what was decided."""

    id: str
    person_id: str
    name: str
    kind: SignalKind
    kind_title: str
    day: date
    sentence: str
    state: CaseState
    title: str
    answer: str | None
    answered_at: datetime | None
    note: str | None
    created_at: datetime
    may_decide: bool


class AnswerCase(Wish):
    """What I say to a case about me."""

    answer: Annotated[Paragraph, Field(min_length=2, title="说明")]


class DecideCase(Wish):
    """How a case ends."""

    is_confirmed: bool = False
    note: Annotated[Paragraph, Field(min_length=2, title="结论")]


# ── files of machines ──


class MachineColumns(Wish):
    """Which column means what; what is left out is guessed, or remembered from the last file of this kind."""

    person: Line | None = None
    name: Line | None = None
    at: Line | None = None
    day: Line | None = None
    clock: Line | None = None
    way: Line | None = None
    machine: Line | None = None

    def chosen(self) -> dict[str, str]:
        """Meaning → title of the column."""
        return {meaning: title for meaning in rules.MEANINGS if (title := getattr(self, meaning))}


class CheckMachine(MachineColumns):
    """A file to look at."""

    workbook: Upload


class ApplyMachine(MachineColumns):
    """The file that was looked at, to be taken over now."""

    file_id: Identifier


class MachineOut(View):
    """What a file would add or has added: `new` of `rows` punches; the others were known before."""

    file_id: str
    columns: dict[str, str]
    rows: int
    new: int
    people: int
    first_day: date | None
    last_day: date | None


class PullsOut(View):
    """A reading of WeCom's check-ins."""

    since: datetime
    until: datetime
    asked: int
    kept: int
    ended_at: datetime | None
    problem: str | None
