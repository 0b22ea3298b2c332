"""Tables of attendance: work places, raw punches, settled days, and requests to correct a missed punch."""

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Hash, Id, Key, Record, Sequence
from models.enums import CorrectionState, DayKind, Direction, Half, PunchSource


class Place(Record):
    """Where people may punch: a circle (WGS-84, millionths of a degree) and, if `has_code`, a screen with a QR code.

    It serves one department with all below it, or everybody. A higher `code_version` retires the screen's old link.
    `networks` lists its Wi-Fi as {"bssid", "name"}; `beacon_version` counts the secrets its beacon has had; it is
    negative while none hangs there.
    """

    __tablename__ = "work_place"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    latitude_e6: Mapped[int] = mapped_column(Integer)
    longitude_e6: Mapped[int] = mapped_column(Integer)
    radius_m: Mapped[int] = mapped_column(Integer)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    has_code: Mapped[bool] = mapped_column(Boolean, default=False)
    code_version: Mapped[int] = mapped_column(default=1)
    networks: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    beacon_version: Mapped[int] = mapped_column(default=0, server_default="0")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class Punch(Base):
    """A raw punch: append-only, to the second, by the server's clock. It belongs to a day only by that day's window.

    Its key is person, source, device, second and direction. Coordinates are not kept: place, distance and accuracy
    prove as much and tell less; a field punch has the distance to the nearest place of the person, and in `spot` what
    they call where they are. `device` is a keyed hash of what the client calls itself (empty when it does not say),
    `wifi` the BSSID it was connected to, `beacon_step` the step of the code it heard, `is_mocked` that it called its
    own position made up: claims all of them. `nonce` is what the client calls this act, so that its retries are one
    punch; a correction's nonce is the id of its request.
    """

    __tablename__ = "punch"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    direction: Mapped[Direction] = mapped_column(String(4))
    source: Mapped[PunchSource] = mapped_column(String(16))
    nonce: Mapped[str | None] = mapped_column(Key(64))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("work_place.id"))
    distance_m: Mapped[int | None]
    accuracy_m: Mapped[int | None]
    device: Mapped[str] = mapped_column(Hash, default="", server_default="")
    spot: Mapped[str | None] = mapped_column(String(100))
    wifi: Mapped[str | None] = mapped_column(Key(17))
    beacon_step: Mapped[int | None]
    is_mocked: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        UniqueConstraint("person_id", "at", "direction", "source", "device"),
        UniqueConstraint("person_id", "nonce"),
        Index("ix_punch_device", "device", "at"),
        Index("ix_punch_wifi", "wifi", "at"),
    )


class Trip(Record):
    """A business trip that was approved, from a half of a day to a half of a day; gone when it is taken back."""

    __tablename__ = "business_trip"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str] = mapped_column(Id, unique=True)
    first_day: Mapped[date]
    from_half: Mapped[Half] = mapped_column(String(4))
    last_day: Mapped[date]
    to_half: Mapped[Half] = mapped_column(String(4))

    __table_args__ = (Index("ix_business_trip_person", "person_id", "last_day"),)


class DayResult(Base):
    """A day whose window has closed, as judged from its facts. It can be judged again at any time.

    `verdicts` is `|late|early|`, the gravest first; `kind` is that of the person's day and decides what overtime on it
    is worth. Why it is so is told from the facts whenever somebody asks. `fingerprint` covers the other columns: a day
    that comes out the same is not written again.
    """

    __tablename__ = "day_result"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    verdicts: Mapped[str] = mapped_column(Key(80))
    expected_minutes: Mapped[int]
    worked_minutes: Mapped[int]
    late_minutes: Mapped[int]
    early_minutes: Mapped[int]
    absent_minutes: Mapped[int]
    leave_minutes: Mapped[int]
    trip_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    kind: Mapped[DayKind] = mapped_column(String(24), default=DayKind.WORKDAY, server_default=DayKind.WORKDAY)
    first_in: Mapped[datetime | None]
    last_out: Mapped[datetime | None]
    fingerprint: Mapped[str] = mapped_column(Hash)
    settled_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_day_result_day", "day", "person_id"),)


class Correction(Record):
    """A request to add a punch that was missed.

    While it is pending or approved it holds two things that no other request of the person may hold: a `number` of the
    month's quota (`2026-03/1`) and the `slot` it fills (`2026-03-02/in`). Refused or withdrawn, it gives both back.
    """

    __tablename__ = "punch_correction"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    direction: Mapped[Direction] = mapped_column(String(4))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    evidence_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[CorrectionState] = mapped_column(String(16), default=CorrectionState.PENDING)
    number: Mapped[str | None] = mapped_column(Key(16))
    slot: Mapped[str | None] = mapped_column(Key(16))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        UniqueConstraint("person_id", "slot"),
        Index("ix_punch_correction_person", "person_id", "created_at", "id"),
        Index("ix_punch_correction_created", "created_at", "id"),
    )
