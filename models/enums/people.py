"""The vocabulary of people."""

from enum import StrEnum


class PersonStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class Role(StrEnum):
    """Roles that are granted; `employee` is everyone, `manager` follows from the directory."""

    HR = "hr"
    PAYROLL = "payroll"
    PAYROLL_REVIEWER = "payroll_reviewer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class MoveState(StrEnum):
    """How far a change of department or position has come that was decided here."""

    PLANNED = "planned"
    MADE = "made"  # and held until the directory tells something new
    ENDED = "ended"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class LoginFlow(StrEnum):
    """Why a browser was sent to WeCom; a state of one flow is worth nothing in another."""

    H5 = "h5"
    CONSOLE = "console"
    CONSENT = "consent"  # already logged in, asked to show private fields


class StepUpMethod(StrEnum):
    """How somebody who is logged in proves themselves again."""

    PIN = "pin"
    TOTP = "totp"


class Surface(StrEnum):
    """The ways in that have sessions."""

    MINIPROGRAM = "miniprogram"
    H5 = "h5"
    CONSOLE = "console"
