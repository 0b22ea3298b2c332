"""Where on earth, without a database: coordinate systems, distance, and whether a position is inside a place.

Phones give WGS-84 to browsers and, in WeCom's client and mini-programs, GCJ-02 when asked for it (WeCom page 94350).
GCJ-02 is the national survey's shifted system: up to 700 m off, only within China. We keep WGS-84.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, hypot, pi, radians, sin, sqrt

EARTH_METRES = 6_371_008.8
"""Mean radius (IUGG)."""
WORST_ACCURACY_METRES = 200
"""A position vaguer than this says nothing about a work place."""

# Krasovsky 1940, on which GCJ-02 computes its shift
_AXIS, _FLATNESS = 6_378_245.0, 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ROUNDS = 6


class Datum(StrEnum):
    """The coordinate system a position is given in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A centre in WGS-84 and a radius in metres."""

    centre: Point
    radius: int


def to_gcj02(point: Point) -> Point:
    """WGS-84 to GCJ-02; outside the rectangle around China nothing is shifted."""
    if not (_WEST <= point.longitude <= _EAST and _SOUTH <= point.latitude <= _NORTH):
        return point
    north, east = _shift_metres(point.longitude - 105.0, point.latitude - 35.0)
    flat = 1 - _FLATNESS * sin(radians(point.latitude)) ** 2
    metres_north = _AXIS * (1 - _FLATNESS) / flat**1.5 * pi / 180
    metres_east = _AXIS / sqrt(flat) * cos(radians(point.latitude)) * pi / 180
    return Point(point.latitude + north / metres_north, point.longitude + east / metres_east)


def _shift_metres(x: float, y: float) -> tuple[float, float]:
    shared = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + shared
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + shared
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return north, east


def to_wgs84(point: Point, datum: Datum) -> Point:
    """The position in WGS-84; the shift has no formula back, so it is found by approach, to within a centimetre."""
    if datum is Datum.WGS84:
        return point
    guess = point
    for _ in range(_ROUNDS):
        there = to_gcj02(guess)
        guess = Point(
            guess.latitude + point.latitude - there.latitude, guess.longitude + point.longitude - there.longitude
        )
    return guess


def distance(a: Point, b: Point) -> float:
    """Metres along the great circle between two positions (haversine)."""
    north, east = radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2
    chord = hypot(sin(north), sqrt(cos(radians(a.latitude)) * cos(radians(b.latitude))) * sin(east))
    return 2 * EARTH_METRES * asin(min(1.0, chord))


def is_vague(accuracy: float) -> bool:
    """Is the accuracy (metres, the radius of 68 %) too poor to say anything?"""
    return accuracy > WORST_ACCURACY_METRES


def is_inside(circle: Circle, point: Point, accuracy: float) -> bool:
    """May somebody measured at `point` ± `accuracy` metres be within the circle? Doubt speaks for the person."""
    return distance(circle.centre, point) - accuracy <= circle.radius
