"""Ways of punching beside position: Wi-Fi, beacon, field, remote day, machines, WeCom's own; and what is looked at."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from kit import clock, workbook
from models.attendance import DayResult, Place, Punch
from models.attendance_punches import CheckinPull, FieldReport, ReviewCase
from models.base import db
from models.enums import CaseState, FieldState, PunchSource, Role, SignalKind
from models.people import Person
from services import attendance, people, platform
from services.attendance.punches import remote, watching
from simulator import Twin, office
from tests.factories import attendance as made
from tests.factories.leave import PNG
from tests.factories.people import department, person
from tests.support.clients import Someone

Api = Callable[..., Someone]
IN = {"direction": "in", **made.THERE}
FAR = {"direction": "in", "latitude": 31.30, "longitude": 120.58, "accuracy": 30}  # Suzhou
ROUTER = "aa:bb:cc:dd:ee:01"
TUESDAY = made.MONDAY + timedelta(days=1)


@pytest.fixture
def lihua(app: Any) -> Person:
    """An employee of the office with a boss; HR besides."""
    person("hr", "韩梅", roles=(Role.HR,))
    return person("lihua", "李华", superior=person("boss", "王经理"), dept=department())


def moved(text: str, day: Any = made.MONDAY) -> Any:
    return clock.frozen(made.at(text, day))


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def place(**columns: Any) -> Place:
    row = made.place(has_code=True)
    with platform.unit_of_work():
        for name, value in columns.items():
            setattr(row, name, value)
    return row


# ── Wi-Fi, beacon, code ──


def test_on_the_wifi_of_a_place_no_position_is_needed(api: Api, lihua: Person) -> None:
    place(networks=[{"bssid": ROUTER, "name": "办公室"}])
    punched = api("lihua").post("/attendance/punches", json={"direction": "in", "wifi": ROUTER.upper()})
    assert (punched.status_code, punched.json["place"]) == (201, "总部大楼")
    kept = db.session.scalars(select(Punch)).one()
    assert (kept.source, kept.wifi, kept.distance_m) == (PunchSource.WIFI, ROUTER, None)
    other = api("lihua").post("/attendance/punches", json={"direction": "in", "wifi": "aa:bb:cc:dd:ee:02"})
    assert (other.status_code, other.json["type"]) == (409, "/problems/attendance.not_here")


def test_wifi_with_a_position_far_away_counts_and_is_looked_at(api: Api, lihua: Person) -> None:
    place(networks=[{"bssid": ROUTER, "name": "办公室"}])
    assert api("lihua").post("/attendance/punches", json={**FAR, "wifi": ROUTER}).status_code == 201
    assert db.session.scalars(select(Punch.distance_m)).one() > 80_000
    look([lihua])
    assert db.session.scalars(select(ReviewCase.kind)).all() == [SignalKind.FOREIGN_WIFI]


def look(persons: list[Person]) -> int:
    now = clock.now() + timedelta(hours=1)
    with platform.unit_of_work():
        return watching.look([one.id for one in persons], now - timedelta(days=7), now)


def test_a_beacon_is_heard_while_its_code_is_fresh(api: Api, lihua: Person) -> None:
    row = place(beacon_version=1)
    with platform.unit_of_work():
        told = attendance.place(people.System("tests"), row.id).beacon
    assert told

    def says(at: Any) -> str:  # the hardware, from its description
        step = int(at.timestamp()) // 30
        return hmac.new(bytes.fromhex(told), step.to_bytes(8, "big"), "sha256").hexdigest()[:16]

    with moved("08:55"):
        code = says(clock.now())
        punched = api("lihua").post("/attendance/punches", json={"direction": "in", "beacon": code})
        assert (punched.status_code, punched.json["place"]) == (201, "总部大楼")
        assert db.session.scalars(select(Punch.beacon_step)).one() == int(clock.now().timestamp()) // 30
    with moved("08:57"):
        late = api("lihua").post("/attendance/punches", json={"direction": "in", "beacon": code})
        assert (late.status_code, late.json["type"]) == (409, "/problems/attendance.code_expired")
        place_again = {"name": "总部大楼", "latitude": 31.1, "longitude": 121.5}
        with platform.unit_of_work():
            hr = people.by_userid("hr")
            for has in (False, True):
                attendance.change_place(hr, row.id, attendance.PlaceWish(**place_again, has_beacon=has))
        old = api("lihua").post("/attendance/punches", json={"direction": "in", "beacon": says(clock.now())})
        assert old.status_code == 409


def test_the_screen_at_the_door_needs_no_wecom(app: Any, api: Api, console: Api, lihua: Person, twin: Twin) -> None:
    """Codes are shown and taken while WeCom fails at everything: nobody asks it."""
    twin.fault("*", -1, times=None)
    row, before = place(), twin.activity
    with platform.unit_of_work():
        key = attendance.place(people.System("tests"), row.id).kiosk
    assert key
    assert app.test_client().get(f"/console/attendance/kiosk/{key}").status_code == 200
    assert app.test_client().get(f"/console/attendance/kiosk/{key}/code").status_code == 200
    code = attendance.shown_at(key).code
    assert api("lihua").post("/attendance/punches", json={"direction": "in", "code": code}).status_code == 201
    assert twin.activity == before


# ── the key ──


def test_a_device_is_part_of_the_key_and_kept_as_a_hash(api: Api, lihua: Person) -> None:
    made.place()
    for device in ("phone-0001", "phone-0001", "phone-0002"):
        assert api("lihua").post("/attendance/punches", json={**IN, "device": device}).status_code == 201
    kept = db.session.scalars(select(Punch.device)).all()
    assert len(set(kept)) == len(kept) == 2
    assert all(len(one) == 64 and "phone" not in one for one in kept)


# ── in the field ──


def field(who: Someone, **more: Any) -> Any:
    told = {"direction": "in", "way": "field", "spot": "张江路 88 号", "customer": "某某科技", **more}
    form = {**told, "photo": (BytesIO(PNG), "现场.png")}
    return who.post("/attendance/punches", data=form, content_type="multipart/form-data")


def test_in_the_field_with_a_photo(api: Api, console: Api, lihua: Person) -> None:
    made.place()
    punched = field(api("lihua"), latitude="31.30", longitude="120.58", accuracy="30")
    assert (punched.status_code, punched.json["place"]) == (201, "张江路 88 号")
    assert "field" in punched.json["verdicts"]
    page = console("boss").get("/attendance/field").text
    assert "某某科技" in page
    assert "公里" in page
    report = db.session.scalars(select(FieldReport)).one()
    for userid, status in (("boss", 200), ("hr", 200)):
        assert console(userid).get(f"/attendance/field/{report.id}/photo").status_code == status
    decided = console("boss").post("/attendance/field", data={"ids": report.id})
    assert decided.status_code == 303
    db.session.expire_all()
    assert (report.state, count(ReviewCase)) == (FieldState.CONFIRMED, 0)


def test_what_the_rule_of_field_punches_asks_for(api: Api, lihua: Person) -> None:
    bare = {"direction": "in", "way": "field", "spot": "客户处"}
    refused = api("lihua").post("/attendance/punches", json=bare)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "photo")
    assert api("lihua").post("/attendance/punches", json={**bare, "spot": ""}).status_code == 422
    text = {**bare, "photo": (BytesIO(b"<svg onload=alert(1)>"), "a.svg")}
    assert api("lihua").post("/attendance/punches", data=text, content_type="multipart/form-data").status_code == 422
    with platform.unit_of_work():
        attendance.fields.SETTING.change(people.System("tests"), attendance.fields.FieldRules(is_allowed=False))
    assert field(api("lihua")).status_code == 409
    assert count(Punch) == count(FieldReport) == 0


def test_a_repeat_without_a_name_hears_of_its_own_punch(api: Api, lihua: Person) -> None:
    with moved("08:55"):
        assert field(api("lihua")).status_code == 201
    with moved("18:05"):
        answers = [field(api("lihua"), direction="out") for _ in range(2)]
    assert [(one.status_code, one.json["direction"]) for one in answers] == [(201, "out")] * 2
    assert answers[0].json["at"] == answers[1].json["at"]
    assert count(Punch) == 2


@pytest.mark.parametrize(
    ("told", "photo", "sentence"),
    [
        ({"way": "here", "latitude": "31.17742", "longitude": "121.52721"}, PNG, "只有外勤打卡才带照片"),
        ({"way": "remote"}, PNG, "只有外勤打卡才带照片"),
        ({"way": "field", "spot": "客户处"}, b"", "照片是空的"),
    ],
)  # fmt: skip
def test_a_photo_that_nobody_could_look_at(
    api: Api, lihua: Person, told: dict[str, str], photo: bytes, sentence: str
) -> None:
    form = {"direction": "in", **told, "photo": (BytesIO(photo), "现场.png")}
    refused = api("lihua").post("/attendance/punches", data=form, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert sentence in str(refused.json)
    assert count(Punch) == 0


def test_a_retry_in_the_field_stores_nothing_twice(api: Api, lihua: Person) -> None:
    for _ in range(2):
        assert field(api("lihua"), nonce="phone-0001").status_code == 201
    assert (count(Punch), count(FieldReport)) == (1, 1)
    assert db.session.scalar(select(func.count()).select_from(platform.files.StoredFile)) == 1


def test_a_doubt_opens_a_case_and_changes_no_day(api: Api, h5: Api, console: Api, lihua: Person) -> None:
    with moved("08:50"):
        field(api("lihua"))
    report = db.session.scalars(select(FieldReport)).one()
    before = api("lihua").get("/attendance/today").json["verdicts"]
    doubt = {"ids": report.id, "is_doubted": "true", "note": "照片是上周的"}
    assert console("boss").post("/attendance/field", data={**doubt, "note": ""}).status_code == 422
    assert console("boss").post("/attendance/field", data=doubt).status_code == 303
    assert api("lihua").get("/attendance/today").json["verdicts"] == before
    (case,) = api("lihua").get("/attendance/cases").json["items"]
    assert case["state"] == "open"
    assert "照片是上周的" in case["sentence"]
    assert h5("lihua").post(f"/attendance/cases/{case['id']}/answer", data={"answer": "是今天拍的"}).status_code == 303
    assert "是今天拍的" in console("boss").get("/attendance/cases").text
    close = {"note": "看过原图，是今天的"}
    assert console("boss").post(f"/attendance/cases/{case['id']}", data=close).status_code == 303
    assert console("hr").post(f"/attendance/cases/{case['id']}", data=close).status_code == 409
    late = api("lihua").post(f"/attendance/cases/{case['id']}/answer", json={"answer": "再说一句"})
    assert late.status_code == 409
    assert db.session.scalars(select(ReviewCase.state)).one() == CaseState.CLEARED


def test_nobody_decides_about_themselves_or_strangers(api: Api, console: Api, lihua: Person) -> None:
    stranger = person("other", "别的经理")
    person("clerk", "店员", superior=stranger)
    for userid in ("boss", "lihua"):
        field(api(userid))
    mine, theirs = (
        db.session.scalars(
            select(FieldReport.id).join(Person, Person.id == FieldReport.person_id).where(Person.userid == u)
        ).one()
        for u in ("boss", "lihua")
    )
    console("boss").post("/attendance/field", data={"ids": mine})
    console("other").post("/attendance/field", data={"ids": theirs})
    assert set(db.session.scalars(select(FieldReport.state))) == {FieldState.OPEN}
    assert console("other").get(f"/attendance/field/{theirs}/photo").status_code == 404
    assert "张江路" not in console("other").get("/attendance/field").text


# ── remote days ──


def test_a_remote_day_needs_no_place_that_day_only(api: Api, lihua: Person) -> None:
    made.place()
    with platform.unit_of_work():
        remote.agree(lihua.id, [made.MONDAY], "01J00000000000000000000000")
    with moved("08:55"):
        assert api("lihua").get("/attendance/today").json["is_remote"] is True
        punched = api("lihua").post("/attendance/punches", json=FAR)
        assert (punched.status_code, punched.json["place"]) == (201, "远程")
        assert db.session.scalars(select(Punch.source)).one() == PunchSource.REMOTE
    with moved("18:05"):  # at the office after all
        assert api("lihua").post("/attendance/punches", json={**IN, "direction": "out"}).json["place"] == "总部大楼"
    with moved("08:55", TUESDAY):
        assert api("lihua").post("/attendance/punches", json=FAR).status_code == 409
        nowhere = {"direction": "in", "way": "remote"}
        assert api("lihua").post("/attendance/punches", json=nowhere).json["type"] == "/problems/attendance.not_remote"


# ── signals ──


def test_one_phone_for_two_opens_a_case_for_each_once(api: Api, lihua: Person) -> None:
    made.place()
    mate = person("mate", "同事")
    for userid in ("lihua", "mate"):
        api(userid).post("/attendance/punches", json={**IN, "device": "phone-0001"})
    assert look([lihua, mate]) == 2
    assert look([lihua]) == look([mate, lihua]) == 0  # however often, and in whatever parts one looks
    (mine,) = api("lihua").get("/attendance/cases").json["items"]
    assert "同事" not in mine["sentence"]  # who else, is for those who look into it
    assert count(DayResult) == 0


# ── machines ──

HEADER = ("工号", "姓名", "打卡时间", "设备号")


def machine(*rows: tuple[object, ...]) -> bytes:
    return workbook.write("记录", HEADER, rows)


def stamp(time: str) -> tuple[object, ...]:
    return "lihua", "李华", f"2026-03-02 {time}", "东门"


def checked(hr: Someone, content: bytes, name: str = "机器.xlsx", **columns: str) -> Any:
    form = {**columns, "workbook": (BytesIO(content), name)}
    return hr.post("/attendance/machines/check", data=form, content_type="multipart/form-data")


def imported(content: bytes) -> int:
    """The file through its use cases; the count of new punches."""
    hr = people.by_userid("hr")
    with platform.unit_of_work():
        found = attendance.machines.check(hr, attendance.CheckMachine(workbook=platform.Upload("机器.xlsx", content)))
    with platform.unit_of_work():
        wish = attendance.ApplyMachine(file_id=found.file_id)
        assert attendance.machines.apply(hr, wish).new == found.new
    return found.new


def test_a_file_of_a_machine_is_looked_at_taken_over_and_settles_the_day(
    console: Api, lihua: Person, drain: Callable[[], int]
) -> None:
    content = machine(
        ("lihua", "李华", "2026-03-02 08:57:31", "东门"), ("lihua", "李华", "2026-03-02 18:03:02", "东门")
    )
    with moved("08:00", TUESDAY):
        page = checked(console("hr"), content).text
        assert "2 条是新的" in page
        assert count(Punch) == 0
        assert imported(content) == 2
        drain()
        assert imported(content) == 0
        overlap = machine(
            ("lihua", "李华", "2026-03-02 18:03:02", "东门"), ("lihua", "李华", "2026-03-02 19:30:00", "东门")
        )
        assert imported(overlap) == 1
    kept = [(row.direction, row.source, row.spot) for row in db.session.scalars(select(Punch).order_by(Punch.at))]
    assert kept == [(way, PunchSource.DEVICE, "东门") for way in ("in", "out", "out")]
    assert db.session.scalars(select(DayResult.verdicts).where(DayResult.day == made.MONDAY)).one() == "|normal|"


def test_one_wrong_row_and_nothing_is_taken_over(console: Api, lihua: Person) -> None:
    wrong = machine(
        ("lihua", "李华", "2026-03-02 08:57:31", "东门"),
        ("nobody", "无名", "2026-03-02 08:57:31", "东门"),
        ("lihua", "韩梅", "2026-03-02 08:57:31", "东门"),
        ("lihua", "李华", "2026-13-02 08:57", "东门"),
        ("lihua", "李华", "2027-03-02 08:57", "东门"),
    )
    refused = checked(console("hr"), wrong)
    assert refused.status_code == 422
    assert count(Punch) == 0


def test_csv_of_an_old_machine_with_its_own_columns(console: Api, lihua: Person) -> None:
    text = "卡主\t何时\r\nlihua\t2026-03-02 08:57:31\r\n".encode("gb18030")
    with moved("08:00", TUESDAY):
        unclear = checked(console("hr"), text, "机器.txt")
        assert unclear.status_code == 422
        assert "看不出哪一列是员工" in unclear.text
        assert "文件里的列：卡主、何时。" in unclear.text
        assert count(platform.files.StoredFile) == 0
        page = checked(console("hr"), text, "机器.txt", person="卡主", at="何时").text
        assert "1 条是新的" in page
        hr = people.by_userid("hr")
        with platform.unit_of_work():
            file = platform.Upload("机器.txt", text)
            found = attendance.machines.check(hr, attendance.CheckMachine(workbook=file, person="卡主", at="何时"))
            attendance.machines.apply(hr, attendance.ApplyMachine(file_id=found.file_id, person="卡主", at="何时"))
        assert "都已经导入过" in checked(console("hr"), text, "机器.txt").text  # the columns are remembered


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 40, b"PK\x03\x04junk", b"hello", b'"\n', b"\xff\xfe\xff", b'a,b\n"open', b"a,a\n1,2\n",
     b"=cmd|' /C calc'!A0,1\n1,2\n", ",".join(f"c{n}" for n in range(400)).encode()],
)  # fmt: skip
def test_hostile_files_change_nothing(console: Api, lihua: Person, content: bytes) -> None:
    answer = checked(console("hr"), content)
    assert answer.status_code in (200, 413, 422)
    assert count(Punch) == 0


def test_a_failed_face_is_a_case_and_no_face_is_kept(lihua: Person) -> None:
    rows = [("lihua", "李华", "2026-03-02 08:57:31", "东门", score) for score in ("41",)]
    content = workbook.write("记录", (*HEADER, "人脸得分"), rows)
    with moved("08:00", TUESDAY):
        assert imported(content) == 1
    case = db.session.scalars(select(ReviewCase)).one()
    assert (case.kind, case.facts["score"]) == (SignalKind.FACE, 41)


# ── WeCom's own check-in ──


def wecom_punch(twin: Twin, kind: str, time: str, **extra: Any) -> None:
    twin.world.office.punches.append(office.punch("lihua", kind, int(made.at(time).timestamp()), extra))


def pulled(drain: Callable[[], int], time: str = "08:00", day: Any = TUESDAY) -> int:
    with moved(time, day):
        with platform.unit_of_work():
            attendance.checkins.SETTING.change(people.System("tests"), attendance.checkins.Checkins(is_on=True))
            attendance.checkins.pull({"slot": clock.now().isoformat()})
        drain()
    return db.session.scalars(select(CheckinPull.kept).order_by(CheckinPull.created_at.desc())).first() or 0


def test_wecoms_checkins_are_read_again_and_kept_once(lihua: Person, twin: Twin, drain: Callable[[], int]) -> None:
    with twin.quiet():
        twin.add_member("lihua", "李华")
    wecom_punch(twin, "上班打卡", "08:55", location_title="总部大楼", deviceid="phone-0001", lat=31_170_000)
    wecom_punch(twin, "下班打卡", "18:00", exception_type="未打卡")
    assert pulled(drain) == 1
    twin.world.office.punches.pop()
    wecom_punch(twin, "下班打卡", "18:04", notes="补卡")  # WeCom corrected its record
    wecom_punch(twin, "外出打卡", "12:30", location_title="客户处", notes="送样品", exception_type="地点异常")
    assert pulled(drain, "10:00") == 2
    assert pulled(drain, "12:00") == 0
    kept = [(row.source, row.direction, row.spot) for row in db.session.scalars(select(Punch).order_by(Punch.at))]
    assert kept == [
        (PunchSource.WECOM, "in", "总部大楼"),
        (PunchSource.FIELD, "in", "客户处"),
        (PunchSource.WECOM, "out", None),
    ]
    assert db.session.scalars(select(FieldReport.note)).one() == "送样品"
    assert db.session.scalars(select(ReviewCase.kind)).one() == SignalKind.WECOM
    assert db.session.scalars(select(DayResult.verdicts).where(DayResult.day == made.MONDAY)).one() == "|field|normal|"


def test_nothing_is_read_unless_wanted_and_a_refusal_is_told(
    lihua: Person, twin: Twin, drain: Callable[[], int]
) -> None:
    with platform.unit_of_work():
        attendance.checkins.pull({"slot": clock.now().isoformat()})
    assert count(CheckinPull) == 0
    with twin.quiet():
        twin.add_member("lihua", "李华")
    for agent in twin.world.agents:
        agent.may = []
    pulled(drain)
    told = db.session.scalars(select(CheckinPull)).one()
    assert told.ended_at
    assert "打卡 → 可调用接口的应用" in (told.problem or "")
