"""How much a way of punching proves. It never changes what a punch counts; it says which ones to look at first."""

from enum import StrEnum

from models.enums import PunchSource


class Trust(StrEnum):
    """Strongest first."""

    SHOWN = "shown"  # needs something that exists only there and now: a rolling code, a machine at the door
    CLAIMED = "claimed"  # the phone says so, and a phone can be made to say it: position, Wi-Fi
    TOLD = "told"  # the person says so, and somebody else agrees to it


TRUST = {
    PunchSource.QR: Trust.SHOWN,
    PunchSource.BEACON: Trust.SHOWN,
    PunchSource.DEVICE: Trust.SHOWN,
    PunchSource.WECOM: Trust.CLAIMED,
    PunchSource.H5: Trust.CLAIMED,
    PunchSource.API: Trust.CLAIMED,
    PunchSource.WIFI: Trust.CLAIMED,
    PunchSource.FIELD: Trust.TOLD,
    PunchSource.REMOTE: Trust.TOLD,
    PunchSource.CORRECTION: Trust.TOLD,
}
