"""Tables of people: who is here, where they belong, what they may do, and their sessions."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Hash, Id, Key, LargeSealed, Record, Sequence
from models.enums import LoginFlow, MoveState, PersonStatus, Role, Surface


class Department(Record):
    """A department of the directory; `path` lists the ids from the root ("/1/5/") for subtree questions."""

    __tablename__ = "department"
    wecom_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(128))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"))
    path: Mapped[str] = mapped_column(Key(500), index=True)
    sort: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class Person(Record):
    """An employee. Where they belong follows the directory; dates of service come from HR.

    `superior_userid` is who WeCom says the superior is; `superior_id` points there as soon as we know that person.
    `synced_at` is when the newest reading that told of this person began: an older one changes nothing.
    """

    __tablename__ = "person"
    userid: Mapped[str] = mapped_column(Key(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    status: Mapped[PersonStatus] = mapped_column(String(16), default=PersonStatus.ACTIVE, index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    superior_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    superior_userid: Mapped[str | None] = mapped_column(Key(64), index=True)
    is_manager: Mapped[bool] = mapped_column(Boolean, default=False)
    position: Mapped[str] = mapped_column(String(128), default="")
    employee_number: Mapped[str | None] = mapped_column(Key(32), unique=True)
    gender: Mapped[str | None] = mapped_column(String(8))
    hired_on: Mapped[date | None]
    first_worked_on: Mapped[date | None]
    left_on: Mapped[date | None]
    sealed_contact: Mapped[bytes | None] = mapped_column(LargeSealed, deferred=True)
    synced_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_person_name", "name", "id"),)


class Membership(Base):
    """A person in a department (there can be several), and whether they lead it."""

    __tablename__ = "membership"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)
    is_leader: Mapped[bool] = mapped_column(Boolean, default=False)


class Move(Record):
    """A change of department and position that was decided here, to be made on its day and kept from then on.

    `cause` is the decision. The directory may lag behind: `from_department_id` and `from_position` are what it told
    before, and as long as it still tells that, a move that was made holds; what it tells anew ends it.
    """

    __tablename__ = "person_move"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    cause: Mapped[str] = mapped_column(Id, unique=True)
    day: Mapped[date] = mapped_column(index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"))
    position: Mapped[str] = mapped_column(String(128))
    from_department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"))
    from_position: Mapped[str] = mapped_column(String(128), default="")
    state: Mapped[MoveState] = mapped_column(String(16))


class Tag(Record):
    """A tag of the directory."""

    __tablename__ = "tag"
    wecom_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(64))


class Tagging(Base):
    """A person wears a tag."""

    __tablename__ = "tagging"
    tag_id: Mapped[str] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class TagDepartment(Base):
    """A whole department, with all below it, wears a tag."""

    __tablename__ = "tag_department"
    tag_id: Mapped[str] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class Grant(Record):
    """A role given to a person, company-wide or for one department's subtree."""

    __tablename__ = "role_grant"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(String(32))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"))
    granted_by: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (UniqueConstraint("person_id", "role", "department_id"),)


class LoginSession(Record):
    """A session: an opaque token, kept as a hash; dies idle, old, at logout, at a role change and on leaving."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(Hash, unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    surface: Mapped[Surface] = mapped_column(String(16))
    csrf: Mapped[str] = mapped_column(Key(64))
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    stepped_up_at: Mapped[datetime | None]


class LoginState(Base):
    """An OAuth state we made: bound to one browser, one flow, one use, ten minutes.

    `tries` counts how often this login was begun again by us, so that a spent code cannot make a circle.
    """

    __tablename__ = "login_state"
    state_hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    browser_hash: Mapped[str] = mapped_column(Hash)
    flow: Mapped[LoginFlow] = mapped_column(String(16))
    next_path: Mapped[str] = mapped_column(String(500))
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StepUpSecret(Base):
    """A person's PIN (argon2, sealed: six digits would not withstand a thief of the table) or TOTP seed.

    `failures` counts tries in a row on any session. A seed whose code was never used (`last_totp_step` 0) is not in
    force yet.
    """

    __tablename__ = "step_up_secret"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_pin: Mapped[bytes | None] = mapped_column(LargeSealed)
    sealed_totp: Mapped[bytes | None] = mapped_column(LargeSealed)
    last_totp_step: Mapped[int] = mapped_column(Sequence, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
