"""What a punch rests on and what is odd about punches, without a database.

All instants are aware UTC, distances metres. Nothing here judges a day: signals only say where to look again.
"""

from services.attendance.punches.rules.beacons import STEP_SECONDS, heard, rolling_code
from services.attendance.punches.rules.checkins import Told, is_odd, meaning
from services.attendance.punches.rules.faces import FaceAdapter, FaceVerdict, MachineFaces
from services.attendance.punches.rules.machines import MEANINGS, direction_at, duty_of, guess, instant, stated
from services.attendance.punches.rules.networks import Network, bssid, networks
from services.attendance.punches.rules.signals import Limits, Seen, Signal, find
from services.attendance.punches.rules.trust import TRUST, Trust

__all__ = [
    "MEANINGS",
    "STEP_SECONDS",
    "TRUST",
    "FaceAdapter",
    "FaceVerdict",
    "Limits",
    "MachineFaces",
    "Network",
    "Seen",
    "Signal",
    "Told",
    "Trust",
    "bssid",
    "direction_at",
    "duty_of",
    "find",
    "guess",
    "heard",
    "instant",
    "is_odd",
    "meaning",
    "networks",
    "rolling_code",
    "stated",
]
