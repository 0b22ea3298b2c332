"""A working day through the mini-program's API: punch, look, correct, watch over one's people."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from kit import clock, pages
from models.attendance import Correction, DayResult, Punch
from models.base import db
from models.enums import PunchSource, Role
from models.people import Person
from services import attendance, people, platform
from services.attendance import correcting
from tests.factories import attendance as made
from tests.factories import leave as leaves
from tests.factories import schedule as shifts
from tests.factories.people import department, person
from tests.support.clients import Someone

Api = Callable[..., Someone]
IN = {"direction": "in", **made.THERE}
OUT = {"direction": "out", **made.THERE}
HOME = (31.1304, 121.4)  # some twelve kilometres away


@pytest.fixture
def lihua(app: Any) -> Person:
    """An employee of the office, 09:00 to 18:00, with a boss."""
    return person("lihua", "李华", superior=person("boss", "王经理"), dept=department())


def moved(text: str, day: date = made.MONDAY) -> Any:
    """The clock at a time of Monday (or another day)."""
    return clock.frozen(made.at(text, day))


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


# ── punching ──


def test_a_day_from_first_punch_to_last(api: Api, lihua: Person) -> None:
    made.place()
    with moved("08:57"):
        today = api("lihua").get("/attendance/today").json
        assert (today["next"], today["punches"], today["is_working"]) == ("in", [], True)
        assert today["places"] == ["总部大楼"]
        came = api("lihua").post("/attendance/punches", json=IN)
        assert came.status_code == 201
        assert came.json["sentence"] == "上班：08:57 小程序定位（总部大楼），应在 09:00 前，准时。"
        assert (came.json["place"], came.json["next"], came.json["day"]) == ("总部大楼", "out", "2026-03-02")
    with moved("18:02"):
        left = api("lihua").post("/attendance/punches", json=OUT).json
        assert left["sentence"] == "下班：18:02 小程序定位（总部大楼），应在 18:00 后，准时。"
    with moved("09:00", date(2026, 3, 3)):
        day = api("lihua").get("/attendance/day?day=2026-03-02").json
        assert (day["title"], day["worked"], day["missing"]) == ("正常", 480, [])
        assert [mark["direction"] for mark in day["punches"]] == ["in", "out"]
        assert day["sentences"][-1] == "结论：正常。"


def test_coming_late_is_said_at_once(api: Api, lihua: Person) -> None:
    made.place()
    with moved("09:03"):
        said = api("lihua").post("/attendance/punches", json=IN).json
    assert said["sentence"].endswith("迟到 3 分钟。")
    assert said["verdicts"] == ["late", "in_progress"]


def test_server_time_counts_not_the_phones(api: Api, lihua: Person) -> None:
    made.place()
    refused = api("lihua").post("/attendance/punches", json={**IN, "at": "2026-03-02T08:00:00+08:00"})
    assert refused.status_code == 422
    assert count(Punch) == 0


@pytest.mark.parametrize(("datum", "spot"), [("wgs84", made.HEADQUARTERS), ("gcj02", made.HEADQUARTERS_GCJ)])
def test_both_coordinate_systems_lead_to_the_same_door(api: Api, lihua: Person, datum: str, spot: tuple) -> None:
    made.place(radius=50)
    wish = {"direction": "in", "latitude": spot[0], "longitude": spot[1], "accuracy": 5, "datum": datum}
    assert api("lihua").post("/attendance/punches", json=wish).status_code == 201
    assert db.session.scalars(select(Punch.distance_m)).one() == 0


def test_the_wrong_coordinate_system_is_out_of_reach(api: Api, lihua: Person) -> None:
    made.place(radius=50)
    spot = made.HEADQUARTERS_GCJ
    wish = {"direction": "in", "latitude": spot[0], "longitude": spot[1], "accuracy": 5}
    assert api("lihua").post("/attendance/punches", json=wish).status_code == 409


def test_far_away_is_refused_and_told_how_far(api: Api, lihua: Person) -> None:
    made.place()
    refused = api("lihua").post("/attendance/punches", json={**IN, "latitude": HOME[0], "longitude": HOME[1]})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/attendance.not_here")
    assert "距最近的“总部大楼”约 13" in refused.json["title"]
    assert "公里" in refused.json["title"]
    assert count(Punch) == 0


def test_a_vague_position_is_refused_with_what_to_do(api: Api, lihua: Person) -> None:
    made.place()
    refused = api("lihua").post("/attendance/punches", json={**IN, "accuracy": 1500})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/attendance.too_vague")
    assert "到窗边或室外再试" in refused.json["title"]


def test_without_a_work_place_hr_is_asked(api: Api, lihua: Person) -> None:
    refused = api("lihua").post("/attendance/punches", json=IN)
    assert refused.json["title"] == "还没有为您设置打卡地点，请联系人事"


def test_places_of_other_departments_do_not_count(api: Api, lihua: Person) -> None:
    store = department("门店")
    made.place("徐汇门店", dept=store)
    person("clerk", "店员", dept=department("一组", store))
    assert api("lihua").post("/attendance/punches", json=IN).status_code == 409
    assert api("clerk").post("/attendance/punches", json=IN).json["place"] == "徐汇门店"


def test_several_places_the_nearest_is_named(api: Api, lihua: Person) -> None:
    made.place("东门", at=(made.HEADQUARTERS[0], made.HEADQUARTERS[1] + 0.002))
    made.place("西门", at=(made.HEADQUARTERS[0], made.HEADQUARTERS[1] - 0.0005))
    assert api("lihua").post("/attendance/punches", json=IN).json["place"] == "西门"


@pytest.mark.parametrize(
    "wish",
    [
        {"direction": "in"},
        {"direction": "in", "latitude": 31.1},
        {"direction": "up", **made.THERE},
        {**IN, "latitude": 91},
        {**IN, "longitude": -180.5},
        {**IN, "latitude": "31.1"},
        {**IN, "accuracy": -1},
        {**IN, "nonce": "短"},
        {**IN, "person_id": "01J00000000000000000000000"},
        {"direction": "in", "code": ""},
        [],
        "in",
    ],
)
def test_bad_wishes_change_nothing(api: Api, lihua: Person, wish: Any) -> None:
    made.place()
    assert api("lihua").post("/attendance/punches", json=wish).status_code == 422
    assert count(Punch) == 0


@pytest.mark.parametrize(
    "text", ['{"direction":"in","latitude":NaN,"longitude":1}', '{"direction":"in","latitude":1e999}']
)
def test_numbers_that_are_none(api: Api, lihua: Person, text: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert api("lihua").post("/attendance/punches", data=text, headers=headers).status_code == 422


# ── retries ──


def test_a_retry_under_the_same_nonce_is_the_same_punch(api: Api, lihua: Person) -> None:
    made.place()
    li, wish = api("lihua"), {**IN, "nonce": "phone-0001"}
    with moved("08:59"):
        first = li.post("/attendance/punches", json=wish).json
    with moved("09:01"):
        again = li.post("/attendance/punches", json={**wish, "accuracy": 33}).json
    assert again == first
    assert count(Punch) == 1


def test_the_same_direction_within_a_second_is_one_punch(api: Api, lihua: Person) -> None:
    made.place()
    li = api("lihua")
    answers = [li.post("/attendance/punches", json=IN).json for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert count(Punch) == 1


def test_an_idempotency_key_repeats_the_answer(api: Api, lihua: Person) -> None:
    made.place()
    li, headers = api("lihua"), {"Idempotency-Key": "0123456789abcdef"}
    with moved("08:59"):
        first = li.post("/attendance/punches", json=IN, headers=headers)
    with moved("09:30"):
        again = li.post("/attendance/punches", json=IN, headers=headers)
    assert (again.status_code, again.json) == (201, first.json)
    assert count(Punch) == 1


def test_a_nonce_belongs_to_one_act_of_one_person(api: Api, lihua: Person) -> None:
    made.place()
    person("hanmei")
    wish = {"nonce": "phone-0001"}
    assert api("lihua").post("/attendance/punches", json={**IN, **wish}).status_code == 201
    assert api("lihua").post("/attendance/punches", json={**OUT, **wish}).status_code == 422
    assert api("hanmei").post("/attendance/punches", json={**IN, **wish}).status_code == 201
    assert count(Punch) == 2


def test_in_and_out_in_one_second_are_two_facts(api: Api, lihua: Person) -> None:
    made.place()
    li = api("lihua")
    li.post("/attendance/punches", json=OUT)
    li.post("/attendance/punches", json=IN)
    assert count(Punch) == 2


# ── codes ──


def test_the_code_at_the_door_lasts_a_minute_at_most(api: Api, lihua: Person) -> None:
    place = made.place(has_code=True)
    key = _kiosk(place.id)
    li = api("lihua")
    with clock.frozen(made.at("08:50") + timedelta(seconds=10)):
        shown = attendance.shown_at(key)
    assert (shown.place, shown.seconds_left) == ("总部大楼", 20)
    for seconds, status in ((12, 201), (59, 201), (60, 409), (9, 201)):
        with clock.frozen(made.at("08:50") + timedelta(seconds=seconds)):
            answer = li.post("/attendance/punches", json={"direction": "in", "code": shown.code})
            assert answer.status_code == status, seconds
    assert set(db.session.scalars(select(Punch.source))) == {PunchSource.QR}


def _kiosk(place_id: str) -> str:
    with platform.unit_of_work():
        kiosk = attendance.place(people.System("tests"), place_id).kiosk
    assert kiosk
    return kiosk


def test_a_code_from_tomorrow_does_not_exist_today(api: Api, lihua: Person) -> None:
    key = _kiosk(made.place(has_code=True).id)
    with clock.frozen(made.at("08:51")):
        later = attendance.shown_at(key).code
    with clock.frozen(made.at("08:50")):
        assert api("lihua").post("/attendance/punches", json={"direction": "in", "code": later}).status_code == 409


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c[:-1] + "!", lambda c: "x" + c[1:], lambda c: "码" * 9]
)
def test_a_code_cannot_be_made_up(api: Api, lihua: Person, change: Callable[[str], str]) -> None:
    key = _kiosk(made.place(has_code=True).id)
    wish = {"direction": "in", "code": change(attendance.shown_at(key).code)}
    assert api("lihua").post("/attendance/punches", json=wish).json["type"] == "/problems/attendance.code_expired"


def test_the_code_of_another_departments_door_is_refused(api: Api, lihua: Person) -> None:
    store = made.place("徐汇门店", dept=department("门店"), has_code=True)
    wish = {"direction": "in", "code": attendance.shown_at(_kiosk(store.id)).code}
    assert api("lihua").post("/attendance/punches", json=wish).status_code == 409


# ── nights, leave, rest ──


def test_a_night_shift_is_one_day(api: Api, lihua: Person) -> None:
    made.place()
    shifts.assigned(shifts.shift("夜班", ((1320, 1560), (1620, 1800))), lihua)
    with moved("21:50"):
        api("lihua").post("/attendance/punches", json=IN)
    with moved("25:30"):
        today = api("lihua").get("/attendance/today").json
        assert (today["day"], today["next"], today["title"]) == ("2026-03-02", "out", "进行中")
    with moved("30:05"):
        left = api("lihua").post("/attendance/punches", json=OUT).json
        assert left["day"] == "2026-03-02"
        assert left["sentence"].startswith("下班：次日 06:05")
    with moved("20:00", date(2026, 3, 3)):
        assert api("lihua").get("/attendance/day?day=2026-03-02").json["title"] == "正常"
        assert api("lihua").get("/attendance/today").json["day"] == "2026-03-03"


def test_a_morning_of_leave_moves_the_hour(api: Api, lihua: Person) -> None:
    made.place()
    _on_leave(api, "2026-03-02", from_half="am", to_half="am")
    with moved("13:05"):
        said = api("lihua").post("/attendance/punches", json=IN).json
    assert said["sentence"] == "上班：13:05 小程序定位（总部大楼），应在 13:00 前，迟到 5 分钟。"


def test_on_leave_nothing_is_expected(api: Api, lihua: Person) -> None:
    made.place()
    _on_leave(api, "2026-03-02")
    with moved("10:00"):
        today = api("lihua").get("/attendance/today").json
    assert (today["is_on_leave"], today["is_working"], today["title"]) == (True, False, "请假")


def _on_leave(api: Api, day: str, kind: str = "personal", **halves: str) -> None:
    leaves.kinds()
    wish = {"kind": kind, "first_day": day, "last_day": day, "reason": "家里有事", **halves}
    asked = api("lihua").post("/leave/requests", json=wish)
    assert asked.status_code == 201, asked.json
    _approve(api)


def _approve(api: Api, decision: str = "approve", by: str = "boss") -> None:
    task = api(by).get("/approvals/tasks").json["items"][0]
    comment = "不符合规定" if decision == "reject" else ""
    decided = api(by).post(f"/approvals/tasks/{task['id']}/decision", json={"decision": decision, "comment": comment})
    assert decided.status_code == 200, decided.json


# ── my month ──


def test_my_month_is_the_sum_of_its_days(api: Api, lihua: Person) -> None:
    made.full_days(lihua, date(2026, 3, 3), date(2026, 3, 4))
    made.punches(lihua, "in 09:12, out 18:00", date(2026, 3, 5))
    made.punches(lihua, "in 09:00, out 17:30", date(2026, 3, 6))
    made.punches(lihua, "in 09:00", date(2026, 3, 9))
    with moved("10:00", date(2026, 3, 11)):
        month = api("lihua").get("/attendance/month").json
    titles = {day["day"][-2:]: day["title"] for day in month["days"]}
    assert len(month["days"]) == 31
    assert [titles[day] for day in ("02", "03", "05", "06", "07", "09", "10", "11", "12")] == [
        "旷工", "正常", "迟到", "早退", "休息", "下班缺卡", "旷工", "进行中", "",
    ]  # fmt: skip
    totals = month["totals"]
    assert (totals["late_times"], totals["late_minutes"], totals["early_minutes"]) == (1, 12, 30)
    assert (totals["absent_days"], totals["missing_times"], totals["work_days"]) == (2, 1, 22)
    for name in ("late", "early", "absent", "leave", "worked", "expected"):
        assert totals[f"{name}_minutes"] == sum(day[name] for day in month["days"])


def test_holidays_and_worked_weekends_follow_the_calendar(api: Api, lihua: Person) -> None:
    month = {day["day"][-2:]: day for day in api("lihua").get("/attendance/month?month=2026-02").json["days"]}
    assert month["17"]["title"] == "休息"  # lunar New Year's Day
    assert month["14"]["title"] == "旷工"  # a Saturday that was worked, and nobody came
    assert api("lihua").get("/attendance/day?day=2026-02-17").json["plan"] == "法定节假日，不需要打卡。"


def test_days_before_joining_are_not_mine(api: Api) -> None:
    person("newbie", hired_on=date(2026, 3, 2))
    new = api("newbie")
    assert new.get("/attendance/month?month=2026-03").json["days"][0]["day"] == "2026-03-02"
    assert new.get("/attendance/month?month=2026-02").json["totals"]["absent_days"] == 0
    assert new.get("/attendance/day?day=2026-02-27").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["month?month=2026-13", "month?month=2026-3", "month?month=x", "day?day=2026-02-30", "day?day=1", "day?who=boss"],
)
def test_dates_that_do_not_exist(api: Api, lihua: Person, path: str) -> None:
    assert api("lihua").get(f"/attendance/{path}").status_code == 422


@pytest.mark.parametrize(
    "path", ["day?day=0001-01-01", "day?day=9999-12-31", "month?month=2000-01", "month?month=2099-12"]
)
def test_the_ends_of_time_are_no_failure(api: Api, lihua: Person, path: str) -> None:
    assert api("lihua").get(f"/attendance/{path}").status_code in (200, 404, 422)


# ── corrections ──

MISSED = {"day": "2026-02-27", "direction": "out", "time": "18:05", "reason": "手机没电了"}


def test_a_correction_from_asking_to_the_day_put_right(api: Api, lihua: Person) -> None:
    friday = date(2026, 2, 27)
    made.punches(lihua, "in 08:55", friday)
    li = api("lihua")
    assert li.get("/attendance/day?day=2026-02-27").json["missing"] == ["out"]
    asked = li.post("/attendance/corrections", json=MISSED)
    assert (asked.status_code, asked.json["title"]) == (201, "审批中")
    assert li.get("/attendance/quota?month=2026-02").json == {"month": "2026-02", "quota": 3, "left": 2}
    _approve(api)
    day = li.get("/attendance/day?day=2026-02-27").json
    assert (day["title"], day["worked"]) == ("正常", 480)
    assert day["punches"][-1] == {
        "at": "2026-02-27T10:05:00Z", "direction": "out", "time": "18:05", "source": "correction", "how": "补卡",
    }  # fmt: skip
    detail = li.get(f"/attendance/corrections/{asked.json['id']}").json
    assert (detail["title"], detail["may_withdraw"]) == ("已通过", False)
    assert detail["history"]


def test_a_refused_correction_gives_its_number_back(api: Api, lihua: Person) -> None:
    made.punches(lihua, "in 08:55", date(2026, 2, 27))
    li = api("lihua")
    li.post("/attendance/corrections", json=MISSED)
    _approve(api, "reject")
    assert li.get("/attendance/quota?month=2026-02").json["left"] == 3
    assert li.get("/attendance/day?day=2026-02-27").json["title"] == "下班缺卡"
    assert li.get("/attendance/corrections").json["items"][0]["title"] == "已驳回"
    assert li.post("/attendance/corrections", json=MISSED).status_code == 201  # may ask again


def test_withdrawing_gives_the_number_back_and_closes_the_approval(api: Api, lihua: Person) -> None:
    li = api("lihua")
    asked = li.post("/attendance/corrections", json=MISSED).json
    assert li.post(f"/attendance/corrections/{asked['id']}/withdraw").status_code == 204
    assert li.get("/attendance/quota?month=2026-02").json["left"] == 3
    assert api("boss").get("/approvals/tasks").json["items"] == []
    assert li.post(f"/attendance/corrections/{asked['id']}/withdraw").status_code == 409


def test_the_month_allows_three(api: Api, lihua: Person) -> None:
    li = api("lihua")
    for day in ("2026-02-24", "2026-02-25", "2026-02-26"):
        assert li.post("/attendance/corrections", json={**MISSED, "day": day}).status_code == 201
    refused = li.post("/attendance/corrections", json=MISSED)
    assert refused.json["type"] == "/problems/attendance.quota_used_up"
    assert refused.json["title"] == "2 月的补卡次数（3 次）已用完，请联系直属上级或人事"
    assert count(Correction) == 3


def test_one_request_for_one_punch(api: Api, lihua: Person) -> None:
    li = api("lihua")
    li.post("/attendance/corrections", json=MISSED)
    refused = li.post("/attendance/corrections", json={**MISSED, "time": "18:30"})
    assert (refused.status_code, refused.json["title"]) == (409, "这次打卡已经申请过补卡，请在补卡记录中查看")


def test_two_requests_at_once_cannot_share_a_number(api: Api, lihua: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "_held", lambda *_: [])  # neither has seen the other yet
    li = api("lihua")
    assert li.post("/attendance/corrections", json=MISSED).status_code == 201
    refused = li.post("/attendance/corrections", json={**MISSED, "day": "2026-02-26"})
    assert (refused.status_code, refused.json["title"]) == (409, "您刚刚提交了另一个补卡申请，请刷新后再试")
    assert count(Correction) == 1


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"day": "2026-03-03"}, "还没到这一天"),
        ({"day": "2026-01-15"}, "只能补 30 天以内"),
        ({"day": "2026-03-02", "direction": "out", "time": "18:00"}, "还没到"),
        ({"day": "2026-02-22", "time": "18:00"}, "没有异常"),  # a Sunday of the holiday
    ],
)
def test_corrections_that_make_no_sense(api: Api, lihua: Person, wish: dict[str, str], sentence: str) -> None:
    refused = api("lihua").post("/attendance/corrections", json={**MISSED, **wish})
    assert refused.status_code == 409
    assert sentence in refused.json["title"]
    assert count(Correction) == 0


def test_a_good_punch_needs_no_correction(api: Api, lihua: Person) -> None:
    made.punches(lihua, "in 08:55, out 18:05", date(2026, 2, 27))
    assert "没有异常" in api("lihua").post("/attendance/corrections", json=MISSED).json["title"]


def test_a_nights_morning_is_found_by_itself(api: Api, lihua: Person) -> None:
    shifts.assigned(shifts.shift("夜班", ((1320, 1800),)), lihua)
    made.punches(lihua, "in 21:55", date(2026, 2, 26))
    asked = api("lihua").post("/attendance/corrections", json={**MISSED, "day": "2026-02-26", "time": "06:02"})
    assert asked.json["at"] == "2026-02-26T22:02:00Z"  # 06:02 of the 27th


def test_evidence_is_for_those_concerned(api: Api, lihua: Person) -> None:
    person("stranger")
    person("hr", roles=(Role.HR,))
    picture = (b"\x89PNG\r\n\x1a\n" + b"0" * 32, "截图.png")
    form = {**MISSED, "evidence": _file(*picture)}
    asked = api("lihua").post("/attendance/corrections", data=form, content_type="multipart/form-data").json
    assert asked["has_evidence"] is True
    path = f"/attendance/corrections/{asked['id']}/evidence"
    for userid, status in (("lihua", 200), ("boss", 200), ("hr", 200), ("stranger", 404)):
        assert api(userid).get(path).status_code == status, userid
    assert api("stranger").get(path.removesuffix("/evidence")).status_code == 404
    assert api("stranger").post(path.replace("evidence", "withdraw")).status_code == 404


def _file(content: bytes, name: str) -> Any:
    return BytesIO(content), name


def test_a_program_as_evidence_is_refused(api: Api, lihua: Person) -> None:
    form = {**MISSED, "evidence": _file(b"MZ\x90", "cute.png")}
    refused = api("lihua").post("/attendance/corrections", data=form, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert count(Correction) == 0


# ── leave changes what was settled ──


def test_leave_granted_later_changes_the_settled_day_and_its_taking_back_restores_it(api: Api, lihua: Person) -> None:
    person("hr", roles=(Role.HR,))
    friday = date(2026, 2, 27)
    _settle()
    assert _settled(friday) == "|absent|"
    _on_leave(api, "2026-02-27")
    assert _settled(friday) == "|leave|"
    request = api("lihua").get("/leave/requests").json["items"][0]["id"]
    asked = api("lihua").post(f"/leave/requests/{request}/cancel", json={"reason": "后来还是上班了"})
    assert asked.status_code < 300, asked.json
    _approve(api)
    assert _settled(friday) == "|absent|"


def _settle() -> None:
    with platform.unit_of_work():
        attendance.settle({"slot": clock.now().isoformat()})


def _settled(day: date) -> str:
    return db.session.scalars(select(DayResult.verdicts).where(DayResult.day == day, _is_lihua(DayResult))).one()


def _is_lihua(table: Any) -> Any:
    return table.person_id == db.session.scalar(select(Person.id).where(Person.userid == "lihua"))


# ── the board ──


def test_the_board_shows_my_people_and_nobody_elses(api: Api, lihua: Person) -> None:
    boss = db.session.get_one(Person, lihua.superior_id)
    late, missing = person("late", "迟迟", superior=boss), person("missing", "没来", superior=boss)
    person("stranger")
    made.punches(lihua, "in 08:55")
    made.punches(late, "in 09:20")
    with moved("10:00"):
        board = api("boss").get("/attendance/board").json
    assert [(row["name"], row["title"], row["note"]) for row in board["people"]] == [
        ("没来", "未到", "应在 09:00 到岗"),
        ("迟迟", "迟到在岗", "09:20 到，迟到 20 分钟"),
        ("李华", "在岗", "08:55 到"),
    ]
    assert (board["counts"]["missing"], board["counts"]["here"], board["counts"]["away"]) == (1, 1, 0)
    assert missing.id == board["people"][0]["person_id"]


def test_a_sensitive_leave_is_only_leave_on_the_board(api: Api, lihua: Person) -> None:
    _on_leave(api, "2026-03-02", kind="sick")
    with moved("10:00"):
        row = api("boss").get("/attendance/board?presence=away").json["people"][0]
        day = api("boss").get(f"/attendance/people/{lihua.id}/day?day=2026-03-02").json
        mine = api("lihua").get("/attendance/day?day=2026-03-02").json
    assert row["note"] == "请假"
    assert "病假" not in "".join(day["sentences"])
    assert "病假" in "".join(mine["sentences"])


def test_who_may_see_whose_days(api: Api, lihua: Person) -> None:
    person("hr", roles=(Role.HR,))
    person("stranger", leads=True, dept=department("别的部门"))
    for userid, status in (("boss", 200), ("hr", 200), ("stranger", 404), ("lihua", 403)):
        for path in ("month", "day"):
            answer = api(userid).get(f"/attendance/people/{lihua.id}/{path}")
            assert answer.status_code == status, (userid, path)
    assert api("lihua").get("/attendance/board").status_code == 403
    assert api("hr").get("/attendance/people/01J00000000000000000000000/month").status_code == 404


def test_people_who_left_are_not_missed(api: Api, lihua: Person) -> None:
    with platform.unit_of_work():
        lihua.status = "inactive"
    assert api("boss").get("/attendance/board").json["people"] == []


# ── how many statements ──


def colleagues(boss: Person, n: int) -> None:
    for i in range(n):
        one = person(f"colleague{boss.userid}{n}-{i}", superior=boss)
        made.punches(one, "in 08:50, out 18:00", date(2026, 2, 27))
        made.punches(one, "in 08:50")


def counted(statements: list[str], work: Callable[[], Any]) -> int:
    before = len(statements)
    work()
    return len(statements) - before


def test_statements_do_not_grow_with_the_tables(api: Api, lihua: Person, statements: list[str]) -> None:
    boss = db.session.get_one(Person, lihua.superior_id)
    made.place(dept=db.session.get_one(type(department("x")), lihua.department_id))
    li, chief = api("lihua"), api("boss")

    def measure(minute: int) -> dict[str, int]:
        with moved(f"09:{minute}"):  # late, so that leave is looked up too
            return {
                "punch": counted(statements, lambda: li.post("/attendance/punches", json=IN)),
                "today": counted(statements, lambda: li.get("/attendance/today")),
                "month": counted(statements, lambda: li.get("/attendance/month")),
                "board": counted(statements, lambda: chief.get("/attendance/board")),
            }

    li.get("/attendance/today")  # the process reads the calendar once
    colleagues(boss, 2)
    few = measure(10)
    colleagues(boss, 30)
    many = measure(20)
    assert few == many
    assert many["punch"] <= 7, many
    assert many["month"] <= 7, many
    assert many["board"] <= 8, many


def test_a_punch_itself_is_six_statements(lihua: Person, statements: list[str]) -> None:
    made.place()
    actor = people.by_userid("lihua")
    wish = attendance.Punch.model_validate(IN)
    with moved("09:10"), platform.unit_of_work():
        late = counted(statements, lambda: attendance.punch(actor, wish, PunchSource.API))
    with moved("18:10"), platform.unit_of_work():
        on_time = counted(statements, lambda: attendance.punch(actor, wish, PunchSource.API))
    assert late <= 6
    assert on_time <= 6


@pytest.mark.parametrize("odd", ["x", "码", "%00", "01J00000000000000000000000", "a" * 300])
def test_ids_that_name_nothing(api: Api, lihua: Person, odd: str) -> None:
    for path in (f"corrections/{odd}", f"people/{odd}/month", f"corrections/{odd}/evidence"):
        assert api("boss").get(f"/attendance/{path}").status_code == 404, path
    assert api("lihua").post(f"/attendance/corrections/{odd}/withdraw").status_code == 404


def test_a_forged_cursor_is_an_empty_page_or_a_refusal(api: Api, lihua: Person) -> None:
    for position in (["码"], ["x"], [1], [], {"a": 1}):
        answer = api("lihua").get(f"/attendance/corrections?cursor={pages.encode(position)}")
        assert answer.status_code in (200, 422), position
        assert answer.status_code == 422 or answer.json["items"] == []
