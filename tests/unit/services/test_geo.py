"""Coordinates and distances, against published values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance import geo
from services.attendance.geo import Circle, Datum, Point

# the test vectors that implementations of GCJ-02 in a dozen languages share (googollee/eviltransform)
PUBLISHED = [
    (Point(31.1774276, 121.5272106), Point(31.17530398364597, 121.531541859215)),  # Shanghai
    (Point(22.543847, 113.912316), Point(22.540796131694766, 113.9171764808363)),  # Shenzhen
    (Point(39.911954, 116.377817), Point(39.91334545536069, 116.38404722455657)),  # Beijing, west of Tiananmen
]
ABROAD = [
    Point(39.7392, -104.9903),  # Denver
    Point(-27.4698, 153.0251),  # Brisbane
    Point(-22.9068, -43.1729),  # Rio de Janeiro
    Point(35.681236, 139.767125),  # Tokyo
]
TIANANMEN = Point(39.907333, 116.391226)
in_china = st.builds(Point, st.floats(18.2, 53.5), st.floats(73.6, 134.7))
anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_the_shift_agrees_with_published_values(wgs: Point, gcj: Point) -> None:
    shifted = geo.to_gcj02(wgs)
    assert shifted.latitude == pytest.approx(gcj.latitude, abs=1e-9)
    assert shifted.longitude == pytest.approx(gcj.longitude, abs=1e-9)


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_the_way_back_is_exact_to_a_centimetre(wgs: Point, gcj: Point) -> None:
    assert geo.distance(geo.to_wgs84(gcj, Datum.GCJ02), wgs) < 0.01


def test_at_tiananmen_the_shift_is_over_half_a_kilometre() -> None:
    assert 500 < geo.distance(TIANANMEN, geo.to_gcj02(TIANANMEN)) < 700


@pytest.mark.parametrize("point", ABROAD)
def test_outside_china_nothing_is_shifted(point: Point) -> None:
    assert geo.to_gcj02(point) == point
    assert geo.to_wgs84(point, Datum.GCJ02) == point


def test_wgs84_stays_as_it_is() -> None:
    assert geo.to_wgs84(TIANANMEN, Datum.WGS84) == TIANANMEN


@given(in_china)
def test_everywhere_in_china_there_and_back_is_the_same_spot(point: Point) -> None:
    assert geo.distance(geo.to_wgs84(geo.to_gcj02(point), Datum.GCJ02), point) < 0.01


def test_distance_agrees_with_a_published_value() -> None:
    shanghai, beijing = PUBLISHED[0][1], PUBLISHED[2][1]
    assert geo.distance(shanghai, beijing) == pytest.approx(1_078_164, rel=0.0012)  # theirs is the equatorial sphere


@given(anywhere, anywhere)
def test_distance_is_symmetric_and_at_most_half_round_the_earth(a: Point, b: Point) -> None:
    assert geo.distance(a, b) == pytest.approx(geo.distance(b, a))
    assert 0 <= geo.distance(a, b) <= geo.EARTH_METRES * 3.1416


def test_one_degree_of_latitude() -> None:
    assert geo.distance(Point(0, 0), Point(1, 0)) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize(
    ("north_metres", "accuracy", "inside"),
    [(0, 10, True), (295, 5, True), (320, 30, True), (320, 10, False), (480, 200, True), (520, 200, False)],
)
def test_doubt_speaks_for_the_person(north_metres: float, accuracy: float, inside: bool) -> None:
    there = Point(TIANANMEN.latitude + north_metres / 111_195, TIANANMEN.longitude)
    assert geo.is_inside(Circle(TIANANMEN, 300), there, accuracy) is inside


@pytest.mark.parametrize(("accuracy", "vague"), [(0, False), (200, False), (200.5, True), (5000, True)])
def test_a_vague_position_says_nothing(accuracy: float, vague: bool) -> None:
    assert geo.is_vague(accuracy) is vague
