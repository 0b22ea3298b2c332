"""The vocabulary of attendance."""

from enum import StrEnum


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class PunchSource(StrEnum):
    H5 = "h5"
    API = "api"
    QR = "qr"
    WIFI = "wifi"
    BEACON = "beacon"
    FIELD = "field"  # away from every place, with a photo and whom it was for
    REMOTE = "remote"  # on a day agreed to be worked elsewhere
    DEVICE = "device"  # read from the file of an attendance machine
    CORRECTION = "correction"
    WECOM = "wecom"


class Verdict(StrEnum):
    """The result of a day; a day can carry several of them."""

    NORMAL = "normal"
    LATE = "late"
    EARLY = "early"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    ABSENT = "absent"
    LEAVE = "leave"
    TRIP = "trip"
    FIELD = "field"
    REST = "rest"
    IN_PROGRESS = "in_progress"


class Presence(StrEnum):
    """Where somebody is to be found now, as the board shows it."""

    HERE = "here"
    LATE = "late"  # here, but came late
    MISSING = "missing"  # should be here and has not punched
    EXPECTED = "expected"  # work has not begun
    AWAY = "away"  # on leave
    TRIP = "trip"  # on business elsewhere
    LEFT = "left"
    REST = "rest"


class CorrectionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class FieldState(StrEnum):
    """What the manager said to a field punch; it counts as it is until somebody settles its case."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DOUBTED = "doubted"


class SignalKind(StrEnum):
    """Why somebody should look at punches again. None of them proves anything."""

    SHARED_DEVICE = "shared_device"  # one phone, two people, within minutes
    TRAVEL = "travel"  # from place to place faster than anybody travels
    MOCKED = "mocked"  # the phone said that its position is made up
    VAGUE = "vague"  # positions always just good enough
    FOREIGN_WIFI = "foreign_wifi"  # at one place, on the Wi-Fi of another
    DOUBTED = "doubted"  # the manager doubts a field punch
    WECOM = "wecom"  # WeCom itself found the punch odd
    FACE = "face"  # the face verdict failed


class CaseState(StrEnum):
    OPEN = "open"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"
