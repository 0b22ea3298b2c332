"""What punches rest on and what is odd about them: tables of cases, and that the order of arrival does not matter."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from models.enums import Direction, PunchSource, SignalKind
from services.attendance.geo import Point
from services.attendance.punches import rules, words
from services.attendance.punches.rules import Limits, Seen
from services.attendance.rules import Duty, Span
from tests.conftest import MONDAY_MORNING
from tests.factories.attendance import MONDAY, at

SHANGHAI, SUZHOU, BEIJING = Point(31.17, 121.52), Point(31.30, 120.58), Point(39.90, 116.40)
H5 = PunchSource.H5


def seen(who: str, time: str, **more: object) -> Seen:
    return Seen(who, at(time), more.pop("source", H5), **more)  # type: ignore[arg-type]


# ── beacons ──

SECRET = bytes(range(32))


def simulated_beacon(secret: bytes, at: datetime) -> str:
    """What the hardware does, written down a second time from its description."""
    return hmac.new(secret, (int(at.timestamp()) // 30).to_bytes(8, "big"), "sha256").hexdigest()[:16]


@pytest.mark.parametrize(
    ("late", "is_heard"), [(-61, False), (-29, True), (0, True), (30, True), (61, False), (600, False)]
)
def test_a_beacon_is_heard_about_now(late: int, is_heard: bool) -> None:
    now = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)
    said = simulated_beacon(SECRET, now - timedelta(seconds=late))
    assert (rules.heard(SECRET, said, int(now.timestamp())) is not None) == is_heard
    assert rules.heard(SECRET, said.upper(), int(now.timestamp())) == rules.heard(SECRET, said, int(now.timestamp()))
    assert rules.heard(bytes(32), said, int(now.timestamp())) is None


# ── Wi-Fi ──


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("AA:bb:cc:dd:ee:0F", "aa:bb:cc:dd:ee:0f"),
        ("aa-bb-cc-dd-ee-0f", "aa:bb:cc:dd:ee:0f"),
        ("02:00:00:00:00:00", None),  # what Android says without permission
        ("00:00:00:00:00:00", None),
        ("aa:bb:cc:dd:ee", None),
        ("gg:bb:cc:dd:ee:ff", None),
        ("", None),
    ],
)
def test_addresses_of_routers(text: str, plain: str | None) -> None:
    assert rules.bssid(text) == plain


def test_the_routers_of_a_place_one_on_each_line() -> None:
    found = rules.networks("aa:bb:cc:dd:ee:01 办公室 5G\n\nAA-BB-CC-DD-EE-02\naa:bb:cc:dd:ee:01 又一次\n")
    assert [(one.bssid, one.name) for one in found] == [("aa:bb:cc:dd:ee:01", "办公室 5G"), ("aa:bb:cc:dd:ee:02", "")]
    with pytest.raises(ValueError, match="第 2 行"):
        rules.networks("aa:bb:cc:dd:ee:01 一\n办公室")
    with pytest.raises(ValueError, match="最多 100 个"):
        rules.networks("\n".join(f"aa:bb:cc:dd:{n // 256:02x}:{n % 256:02x}" for n in range(101)))


# ── signals ──

CASES: list[tuple[str, list[Seen], dict[str, str], set[tuple[str, SignalKind]]]] = [
    ("one phone for two", [seen("a", "08:55", device="p"), seen("b", "09:04", device="p")], {},
     {("a", SignalKind.SHARED_DEVICE), ("b", SignalKind.SHARED_DEVICE)}),
    ("one phone, an hour apart", [seen("a", "08:55", device="p"), seen("b", "09:55", device="p")], {}, set()),
    ("one phone, one person", [seen("a", "08:55", device="p"), seen("a", "08:56", device="p")], {}, set()),
    ("clients that give no name", [seen("a", "08:55"), seen("b", "08:55")], {}, set()),
    ("a machine at the door", [seen("a", "08:55", device="m", source=PunchSource.DEVICE),
                              seen("b", "08:56", device="m", source=PunchSource.DEVICE)], {}, set()),
    ("Shanghai to Beijing in an hour", [seen("a", "08:55", centre=SHANGHAI), seen("a", "09:55", centre=BEIJING)], {},
     {("a", SignalKind.TRAVEL)}),
    ("Shanghai to Beijing by the fast train", [seen("a", "08:55", centre=SHANGHAI), seen("a", "13:30", centre=BEIJING)],
     {}, set()),
    ("Shanghai to Suzhou in half an hour", [seen("a", "08:55", centre=SHANGHAI), seen("a", "09:25", centre=SUZHOU)], {},
     set()),
    ("within what the distance leaves open", [seen("a", "08:55", centre=SHANGHAI, away=90_000),
                                             seen("a", "08:57", centre=SUZHOU)], {}, set()),
    ("far from a place, then at it", [seen("a", "08:55", centre=SHANGHAI, away=80_000, at_least=80_000),
                                     seen("a", "08:57", centre=SHANGHAI)], {}, {("a", SignalKind.TRAVEL)}),
    ("a made-up position", [seen("a", "08:55", is_mocked=True)], {}, {("a", SignalKind.MOCKED)}),
    ("on the Wi-Fi of another place", [seen("a", "08:55", wifi="w", place_id="east")], {"w": "west"},
     {("a", SignalKind.FOREIGN_WIFI)}),
    ("on the Wi-Fi of this place", [seen("a", "08:55", wifi="w", place_id="east")], {"w": "east"}, set()),
    ("on a Wi-Fi that nobody lists", [seen("a", "08:55", wifi="w", place_id="east")], {}, set()),
    ("by Wi-Fi, its position far away",
     [seen("a", "08:55", wifi="w", place_id="east", source=PunchSource.WIFI, away=9000, at_least=9000, accuracy=50)],
     {"w": "east"}, {("a", SignalKind.FOREIGN_WIFI)}),
    ("one router for two cities",
     [seen("a", "08:55", wifi="w", centre=SHANGHAI), seen("b", "08:57", wifi="w", centre=SUZHOU)], {},
     {("a", SignalKind.FOREIGN_WIFI), ("b", SignalKind.FOREIGN_WIFI)}),
    ("six poor positions", [seen("a", f"{8 + n}:55", accuracy=190) for n in range(6)], {}, {("a", SignalKind.VAGUE)}),
    ("five poor positions", [seen("a", f"{8 + n}:55", accuracy=190) for n in range(5)], {}, set()),
    ("six poor ones and a good one", [*(seen("a", f"{8 + n}:55", accuracy=190) for n in range(6)),
                                      seen("a", "18:00", accuracy=20)], {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("told", "punches", "owners", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_is_odd(
    told: str, punches: list[Seen], owners: dict[str, str], expected: set[tuple[str, SignalKind]]
) -> None:
    found = rules.find(punches, owners)
    assert {(one.person_id, one.kind) for one in found} == expected, told
    for one in found:
        assert words.sentence(one.kind, one.facts)
        assert one.person_id not in words.sentence(one.kind, one.facts)


PLACES = {"east": SHANGHAI, "west": SUZHOU, "north": BEIJING}
PUNCHES = st.lists(
    st.builds(
        lambda who, minute, place, device, wifi, mocked: Seen(
            who, at("07:00") + timedelta(minutes=minute), H5, place, PLACES[place], 50, 0, 180, device, wifi, mocked
        ),
        st.sampled_from("abc"),
        st.integers(0, 900),
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(["", "p", "q"]),
        st.sampled_from([None, "w", "x"]),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: (one.person_id, one.at),
)


@given(PUNCHES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(punches: list[Seen], chance: object) -> None:
    mixed: list[Seen] = list(punches)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    owners = {"w": "east"}
    found = rules.find(punches, owners)
    assert rules.find(mixed, owners) == found
    assert len({one.key for one in found}) == len(found)
    assert all(len(one.key) <= 160 for one in found)


def test_a_kiosk_phone_of_hundreds_stays_bounded() -> None:
    crowd: Sequence[Seen] = [seen(f"p{n}", "08:55", device="p") for n in range(400)]
    assert len(rules.find(crowd, {}, Limits())) <= 2 * len(crowd)


# ── files of machines ──


@pytest.mark.parametrize(
    ("titles", "meanings"),
    [
        (("工号", "姓名", "打卡时间"), {"person": "工号", "name": "姓名", "at": "打卡时间"}),
        (("工号", "日期", "时间", "设备号"), {"person": "工号", "day": "日期", "clock": "时间", "machine": "设备号"}),
        (("人员编号", "打卡日期", "打卡时间"), {"person": "人员编号", "day": "打卡日期", "clock": "打卡时间"}),
        (("No", "Name", "DateTime", "In/Out"), {"person": "No", "name": "Name", "at": "DateTime", "way": "In/Out"}),
        (("谁", "何时"), {}),
    ],
)
def test_what_columns_mean(titles: tuple[str, ...], meanings: dict[str, str]) -> None:
    assert rules.guess(titles) == meanings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-02 08:57:31", "08:57:31"),
        ("2026/3/2 8:57", "08:57:00"),
        ("2026年3月2日 08:57", "08:57:00"),
        ("2026-03-02T08:57:31", "08:57:31"),
        ("2026-02-30 08:57", None),
        ("2026-03-02 25:00", None),
        ("08:57", None),
        ("3月2日", None),
        ("=NOW()", None),
        ("2026-03-02 08:57:31" * 50, None),
    ],
)
def test_moments_that_machines_write(text: str, said: str | None) -> None:
    with clock.frozen(MONDAY_MORNING):
        if said is None:
            with pytest.raises(ValueError):
                rules.instant(text)
        else:
            assert f"{clock.local(rules.instant(text)):%H:%M:%S}" == said


OFFICE = Duty(
    MONDAY, "行政班", (Span(at("09:00"), at("12:00")), Span(at("13:00"), at("18:00"))), Span(at("05:00"), at("29:00"))
)
NIGHT = Duty(MONDAY, "夜班", (Span(at("22:00"), at("30:00")),), Span(at("16:00"), at("36:00")))
REST = Duty(MONDAY, "休息日", (), Span(at("00:00"), at("24:00")))


@pytest.mark.parametrize(
    ("duty", "time", "way"),
    [
        (OFFICE, "08:57", Direction.IN),
        (OFFICE, "13:29", Direction.IN),
        (OFFICE, "13:30", Direction.OUT),
        (OFFICE, "18:02", Direction.OUT),
        (NIGHT, "21:50", Direction.IN),
        (NIGHT, "30:05", Direction.OUT),
        (REST, "11:59", Direction.IN),
        (REST, "12:00", Direction.OUT),
        (None, "08:00", Direction.IN),
    ],
)
def test_which_way_without_being_told(duty: Duty | None, time: str, way: Direction) -> None:
    assert rules.direction_at(at(time), duty) is way


def test_unknown_words_for_a_direction_are_named() -> None:
    assert (rules.stated("C/In"), rules.stated("签退"), rules.stated(" ")) == (Direction.IN, Direction.OUT, None)
    with pytest.raises(ValueError, match="看不懂"):
        rules.stated("横着")


# ── WeCom's rows ──


@pytest.mark.parametrize(
    ("kind", "exception", "meant", "is_odd"),
    [
        ("上班打卡", "", (PunchSource.WECOM, Direction.IN), False),
        ("下班打卡", "时间异常", (PunchSource.WECOM, Direction.OUT), False),
        ("上班打卡", "未打卡", None, False),
        ("上班打卡", "时间异常;地点异常", (PunchSource.WECOM, Direction.IN), True),
        ("上班打卡", "非常用设备", (PunchSource.WECOM, Direction.IN), True),
        ("外出打卡", "", (PunchSource.FIELD, None), False),
        ("仅记录打卡时间和位置", "", (PunchSource.FIELD, None), False),
        ("别的打卡", "", None, False),
    ],
)
def test_what_rows_of_wecom_mean(kind: str, exception: str, meant: object, is_odd: bool) -> None:
    told = rules.meaning(kind, exception)
    assert (told and (told.source, told.direction)) == meant
    assert rules.is_odd(exception) == is_odd


# ── faces ──


def adapters() -> list[rules.FaceAdapter]:
    return [rules.MachineFaces()]


@pytest.mark.parametrize("adapter", adapters(), ids=lambda one: type(one).__name__)
class TestFaceAdapter:
    """What every adapter keeps to: a verdict or nothing, never a face, and no guess at what is not told."""

    def test_nothing_told_is_no_verdict(self, adapter: rules.FaceAdapter) -> None:
        assert adapter.verdict({}) is None
        assert adapter.verdict({"姓名": "李华", "人脸得分": ""}) is None

    @pytest.mark.parametrize(
        ("told", "passes"),
        [
            ({"人脸得分": "88"}, True),
            ({"人脸得分": "59.4"}, False),
            ({"人脸得分": "95", "活体": "是"}, True),
            ({"人脸得分": "95", "活体": "否"}, False),
        ],
    )
    def test_verdicts(self, adapter: rules.FaceAdapter, told: dict[str, str], passes: bool) -> None:
        verdict = adapter.verdict(told)
        assert verdict is not None
        assert verdict.passes(60) is passes

    @pytest.mark.parametrize(
        "told", [{"人脸得分": "好"}, {"人脸得分": "101"}, {"人脸得分": "nan"}, {"人脸得分": "9", "活体": "?"}]
    )
    def test_what_is_no_verdict_is_refused(self, adapter: rules.FaceAdapter, told: dict[str, str]) -> None:
        with pytest.raises(ValueError):
            adapter.verdict(told)

    def test_a_verdict_holds_no_face(self, adapter: rules.FaceAdapter) -> None:
        assert set(rules.FaceVerdict.__dataclass_fields__) == {"score", "is_live"}


def test_every_way_of_punching_has_its_trust() -> None:
    assert set(rules.TRUST) == set(PunchSource)
    assert set(words.KINDS) == set(SignalKind)
