"""A shop's manager plans a week: fills the grid, checks it, publishes it, changes it; the worker fills what is open."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from kit import clock, workbook
from kit.ids import new_id
from models.base import db
from models.enums import Role, RosterState, SolveState
from models.people import Department, Person
from models.platform import AuditRecord, Promise
from models.rosters import Roster, RosterCell
from models.schedule import ShiftRow
from services import rosters, schedule
from tests.factories import leave as leaving
from tests.factories import people as make
from tests.factories import rosters as planned
from tests.factories import schedule as shifting
from tests.factories.rosters import NEXT_MONDAY, SYSTEM
from tests.support.clients import Someone

Ways = Callable[..., Someone]
SUNDAY = NEXT_MONDAY + timedelta(days=6)


@dataclass
class Shop:
    """A shop with its manager, two people and three shifts."""

    dept: Department
    boss: Someone
    li: Person
    han: Person
    shifts: dict[str, ShiftRow]

    def begin(self, days: int = 7) -> str:
        return planned.begun(self.dept, days)

    def send(self, path: str, **form: object) -> TestResponse:
        return post(self.boss, path, **form)

    def seen(self, roster_id: str) -> dict[str, object]:
        found = rosters.check(SYSTEM, roster_id)
        return {"version": found.version, "unmet": found.unmet}


def post(who: Someone, path: str, **form: object) -> TestResponse:
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


@pytest.fixture
def shop(app: Flask, console: Ways) -> Shop:
    top = make.department("公司")
    dept = make.department("门店", parent=top)
    boss = make.person("boss", "王店长", dept=dept, leads=True)
    people = [make.person(userid, name, superior=boss, dept=dept) for userid, name in (("li", "李雷"), ("han", "韩梅"))]
    shifts = {
        "e": shifting.shift("早班", ((480, 720), (780, 1020))),
        "l": shifting.shift("晚班", ((840, 1320),)),
        "n": shifting.shift("夜班", ((1320, 1800),)),
    }
    return Shop(dept, console("boss"), *people, shifts)


def cells(*lines: tuple[Person, date, str]) -> str:
    return "\n".join(f"{person.id} {day} {text}" for person, day, text in lines)


def shift_of(person: Person, day: date) -> str | None:
    plan = schedule.day(person.id, day)
    return plan.shift.name if plan.is_working else None


# ── the grid ──


def test_a_week_is_planned_published_and_worked(shop: Shop) -> None:
    form = {"department_id": shop.dept.id, "first_day": NEXT_MONDAY, "last_day": SUNDAY}
    where = shop.send("/rosters", **form).headers["HX-Redirect"]
    roster_id = where.rsplit("/", 1)[1]
    said = cells((shop.li, NEXT_MONDAY, "夜班"), (shop.li, SUNDAY, "早班"), (shop.han, NEXT_MONDAY, "休"))
    assert "已保存 3 格" in shop.send(f"/rosters/{roster_id}/cells", cells=said).text
    page = shop.boss.get(f"/rosters/{roster_id}").text
    assert 'value="夜班"' in page
    assert shift_of(shop.li, NEXT_MONDAY) == "标准工时"  # a draft changes nobody's days
    assert shop.send(f"/rosters/{roster_id}/publish", **shop.seen(roster_id)).status_code == 204
    assert (shift_of(shop.li, NEXT_MONDAY), shift_of(shop.li, SUNDAY)) == ("夜班", "早班")
    assert shift_of(shop.han, NEXT_MONDAY) is None
    assert "已发布" in shop.boss.get("/rosters").text


def test_publishing_happens_once_and_only_as_it_was_seen(shop: Shop) -> None:
    roster_id = shop.begin()
    seen = shop.seen(roster_id)
    shop.send(f"/rosters/{roster_id}/cells", cells=cells((shop.li, NEXT_MONDAY, "早班")))
    assert shop.send(f"/rosters/{roster_id}/publish", **seen).status_code == 409
    seen = shop.seen(roster_id)
    assert shop.send(f"/rosters/{roster_id}/publish", **{**seen, "unmet": 0}).status_code == 409
    assert shop.send(f"/rosters/{roster_id}/publish", **seen).status_code == 204
    assert shop.send(f"/rosters/{roster_id}/publish", **seen).status_code == 409
    assert shop.send(f"/rosters/{roster_id}/cells", cells=cells((shop.li, SUNDAY, "早班"))).status_code == 409


def test_only_those_hear_of_a_change_whose_days_changed(shop: Shop) -> None:
    roster_id = shop.begin(days=2)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "ee"), han=(shop.han, "--"))
    shop.send(f"/rosters/{roster_id}/publish", **shop.seen(roster_id))
    assert told() == {"li", "han"}
    row = db.session.get_one(Roster, roster_id)
    assert shop.send(f"/rosters/{roster_id}/reopen", version=row.version).status_code == 204
    assert shift_of(shop.li, NEXT_MONDAY) == "早班"  # in force while it is changed
    planned.filled(roster_id, shop.shifts, han=(shop.han, "l-"))
    shop.send(f"/rosters/{roster_id}/publish", **shop.seen(roster_id))
    assert told() == {"han"}
    assert (shift_of(shop.li, NEXT_MONDAY), shift_of(shop.han, NEXT_MONDAY)) == ("早班", "晚班")


_told: set[str] = set()


def told() -> set[str]:
    """To whom messages about rosters were promised since the last time this was asked."""
    rows = db.session.scalars(select(Promise).where(Promise.kind == "message.send")).all()
    fresh = [row for row in rows if row.id not in _told]
    _told.update(row.id for row in fresh)
    return {userid for row in fresh for userid in row.payload["userids"]}


def test_a_roster_taken_back_leaves_what_was_there_before(shop: Shop) -> None:
    roster_id = shop.begin(days=2)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "nn"))
    planned.published(roster_id)
    row = db.session.get_one(Roster, roster_id)
    assert shop.send(f"/rosters/{roster_id}/take-back", version=row.version).status_code == 204
    assert shift_of(shop.li, NEXT_MONDAY) == "标准工时"
    assert db.session.get_one(Roster, roster_id, populate_existing=True).state == RosterState.DRAFT


@pytest.mark.parametrize(("text", "words"), [("大夜", "没有名为“大夜”的班次"), ("=1+1", "没有名为")])
def test_a_cell_that_means_nothing_changes_nothing(shop: Shop, text: str, words: str) -> None:
    roster_id = shop.begin()
    both = cells((shop.li, NEXT_MONDAY, "早班"), (shop.li, SUNDAY, text))
    answer = shop.send(f"/rosters/{roster_id}/cells", cells=both)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.scalars(select(RosterCell)).all() == []


def test_days_outside_and_days_that_are_over_are_refused(shop: Shop) -> None:
    roster_id = shop.begin()
    beyond = cells((shop.li, SUNDAY + timedelta(days=1), "早班"))
    assert shop.send(f"/rosters/{roster_id}/cells", cells=beyond).status_code == 422
    with clock.frozen(clock.at_local(SUNDAY, 600)):
        past = shop.send(f"/rosters/{roster_id}/cells", cells=cells((shop.li, NEXT_MONDAY, "早班")))
    assert past.status_code in (401, 303, 422)


def test_two_rosters_of_a_department_share_no_day(shop: Shop) -> None:
    shop.begin()
    again = {"department_id": shop.dept.id, "first_day": SUNDAY, "last_day": SUNDAY + timedelta(days=3)}
    answer = shop.send("/rosters", **again)
    assert (answer.status_code, "已有" in answer.text) == (409, True)


def test_the_week_before_is_copied_into_what_is_empty(shop: Shop) -> None:
    for n, code in enumerate("ee-l"):
        shifting.rostered(shop.li, NEXT_MONDAY - timedelta(days=7 - n), shop.shifts[code] if code != "-" else None)
    roster_id = shop.begin(days=9)
    planned.filled(roster_id, shop.shifts, li=(shop.li, " n"))
    assert shop.send(f"/rosters/{roster_id}/copy", what="week").status_code == 204
    line = {row.day: row.shift_id for row in db.session.scalars(select(RosterCell)) if row.person_id == shop.li.id}
    ids = {row.id: code for code, row in shop.shifts.items()} | {None: "-"}
    first = [ids[line[NEXT_MONDAY + timedelta(days=n)]] for n in (0, 1, 2, 3, 7)]
    assert "".join(first) == "en-le"  # what was there stays; the second week repeats the first


def test_a_draft_is_thrown_away_but_nothing_published(shop: Shop) -> None:
    roster_id = shop.begin()
    planned.filled(roster_id, shop.shifts, li=(shop.li, "e"))
    assert shop.send(f"/rosters/{roster_id}/discard").status_code == 204
    assert db.session.scalars(select(Roster)).all() == []
    other = shop.begin()
    planned.published(other)
    assert shop.send(f"/rosters/{other}/discard").status_code == 409


# ── the check ──


def test_the_check_names_people_days_and_rules(shop: Shop) -> None:
    planned.needed(shop.dept, 2, shift_id=shop.shifts["e"].id, weekday=1)
    roster_id = shop.begin(days=2)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "ne"), han=(shop.han, "e-"))
    text = shop.boss.get(f"/rosters/{roster_id}/check").text
    assert "只休息 2 小时，至少要 11 小时" in text
    assert "3月9日只有 1 人，至少 2 人" in text
    assert "3月9日等 2 天没有排" in text  # the manager, of whom nothing is said


def test_approved_leave_stands_in_the_way(shop: Shop, api: Ways) -> None:
    leaving.kinds()
    asked = api("li").post("/leave/requests", data={"kind": "personal", "first_day": "2026-03-10",
                                                     "last_day": "2026-03-10", "reason": "家里有事"})  # fmt: skip
    leaving.approve(asked.json["id"])
    roster_id = shop.begin(days=2)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "ee"))
    assert "3月10日已请假，排了早班" in shop.boss.get(f"/rosters/{roster_id}/check").text
    assert "事假" in shop.boss.get(f"/rosters/{roster_id}").text


def test_the_count_of_statements_does_not_grow_with_the_roster(shop: Shop, statements: list[str]) -> None:
    def counted(roster_id: str) -> int:
        shop.boss.get(f"/rosters/{roster_id}")
        statements.clear()
        shop.boss.get(f"/rosters/{roster_id}")
        shop.boss.get(f"/rosters/{roster_id}/check")
        return len(statements)

    small = shop.begin(days=2)
    few = counted(small)
    for n in range(12):
        make.person(f"p{n}", dept=shop.dept)
    large = planned.begun(shop.dept, 28, NEXT_MONDAY + timedelta(days=14))
    assert counted(large) <= few + 1


# ── who may ──


def test_another_shop_and_its_staff_see_nothing(shop: Shop, console: Ways) -> None:
    roster_id = shop.begin()
    elsewhere = make.department("别店")
    make.person("other", dept=elsewhere, leads=True)
    make.person("chen", roles=(Role.HR,))
    assert console("other").get(f"/rosters/{roster_id}").status_code == 404
    assert (
        post(console("other"), f"/rosters/{roster_id}/cells", cells=cells((shop.li, SUNDAY, "休"))).status_code == 404
    )
    form = {"department_id": shop.dept.id, "first_day": NEXT_MONDAY, "last_day": SUNDAY}
    assert post(console("other"), "/rosters", **form).status_code == 404
    assert console("li").get(f"/rosters/{roster_id}").status_code == 403
    assert console("chen").get(f"/rosters/{roster_id}").status_code == 200


def test_hr_sets_the_rules_and_managers_what_they_need(shop: Shop, console: Ways) -> None:
    make.person("chen", roles=(Role.HR,))
    rules = {"department_id": shop.dept.id, "rest_hours": 12, "daily_hours": 11, "weekly_hours": 40, "longest_run": 5}
    assert shop.send("/rosters/rules", **rules).status_code == 403
    assert post(console("chen"), "/rosters/rules", **rules).status_code == 204
    assert "12 小时" in shop.boss.get("/rosters/rules").text
    need = {"department_id": shop.dept.id, "at_least": 2, "start": "22:00", "end": "06:00"}
    assert shop.send("/rosters/minima", **need).status_code == 204
    assert "22:00–次日06:00" in shop.boss.get("/rosters/rules").text
    (minimum,) = rosters.rules_of(SYSTEM, shop.dept.id).minima
    assert shop.send(f"/rosters/minima/{minimum.id}/remove").status_code == 204
    assert shop.send("/rosters/minima", **{**need, "end": ""}).status_code == 422


# ── the workbook ──


def test_the_grid_goes_out_as_a_workbook_and_comes_back(shop: Shop) -> None:
    roster_id = shop.begin(days=3)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "en-"))
    sheet = workbook.read(shop.boss.get(f"/rosters/{roster_id}/sheet").data)
    assert sheet.header[:3] == ("姓名", "账号", "3月9日 周一")
    line = next(row for row in sheet.rows if row.text("账号") == "li")
    assert [line.text(title) for title in sheet.header[2:]] == ["早班", "夜班", "休"]
    rows = [["李雷", "li", "休", "", "晚班"], ["韩梅", "han", "早班", "早班", "早班"]]
    assert upload(shop, roster_id, sheet.header, rows).status_code == 204
    found = {(row.person_id, row.day.day): row.shift_id for row in db.session.scalars(select(RosterCell))}
    assert found[shop.li.id, 9] is None
    assert (shop.li.id, 10) not in found
    assert found[shop.han.id, 11] == shop.shifts["e"].id
    actions = db.session.scalars(select(AuditRecord.action)).all()
    assert {"rosters.roster.export", "rosters.roster.import"} <= set(actions)


def test_a_wrong_workbook_changes_nothing_and_names_every_cell(shop: Shop) -> None:
    roster_id = shop.begin(days=2)
    rows = [["李雷", "li", "大夜", "早班"], ["张三", "han", "早班", ""], ["谁", "nobody", "早班", ""]]
    answer = upload(shop, roster_id, ("姓名", "账号", "3月9日", "2026-03-10"), rows)
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("没有名为“大夜”的班次", "韩梅", "没有这个账号"))
    assert db.session.scalars(select(RosterCell)).all() == []


def upload(shop: Shop, roster_id: str, header: tuple[str, ...], rows: list[list[str]]) -> TestResponse:
    book = (io.BytesIO(workbook.write("排班", header, rows)), "排班.xlsx")
    return shop.send(f"/rosters/{roster_id}/sheet", book=book)


# ── the solver ──


def test_the_solver_fills_what_is_open_and_keeps_what_is_fixed(shop: Shop, drain: Callable[[], int]) -> None:
    pytest.importorskip("ortools")
    planned.needed(shop.dept, 1, shift_id=shop.shifts["e"].id)
    planned.needed(shop.dept, 1, shift_id=shop.shifts["l"].id)
    roster_id = shop.begin(days=5)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "n"))
    assert shop.send(f"/rosters/{roster_id}/solve", seconds=2).status_code == 204
    assert "正在排队" in shop.boss.get(f"/rosters/{roster_id}").text
    assert shop.send(f"/rosters/{roster_id}/solve", seconds=2).status_code == 409
    drain()
    solve = rosters.progress(SYSTEM, roster_id)
    assert solve is not None
    assert (solve.state, solve.unmet, solve.short, solve.is_proven) == (SolveState.TAKEN, 0, 0, True)
    assert "规则全部满足" in shop.boss.get(f"/rosters/{roster_id}").text
    fixed = db.session.get_one(RosterCell, (roster_id, shop.li.id, NEXT_MONDAY))
    assert (fixed.shift_id, fixed.is_fixed) == (shop.shifts["n"].id, True)
    assert "HX-Redirect" in shop.boss.get(f"/rosters/{roster_id}/progress", headers={"HX-Request": "true"}).headers


def test_what_cannot_be_filled_is_listed(shop: Shop, drain: Callable[[], int]) -> None:
    pytest.importorskip("ortools")
    planned.needed(shop.dept, 4, shift_id=shop.shifts["e"].id)
    roster_id = shop.begin(days=2)
    shop.send(f"/rosters/{roster_id}/solve", seconds=1)
    drain()
    text = shop.boss.get(f"/rosters/{roster_id}").text
    assert "缺 2 人次" in text
    assert "3月10日只有 3 人，至少 4 人" in shop.boss.get(f"/rosters/{roster_id}/check").text


def test_a_draft_changed_meanwhile_stays_as_it_was_made(shop: Shop, drain: Callable[[], int]) -> None:
    pytest.importorskip("ortools")
    roster_id = shop.begin(days=2)
    shop.send(f"/rosters/{roster_id}/solve", seconds=1, shift_ids=shop.shifts["e"].id)
    asked = rosters.asking.latest(roster_id)
    assert asked is not None
    planned.filled(roster_id, shop.shifts, li=(shop.li, "l"))
    drain()
    found = rosters.asking.latest(roster_id)
    assert found is not None
    assert found.state is SolveState.STALE
    assert [row.shift_id for row in db.session.scalars(select(RosterCell))] == [shop.shifts["l"].id]


def test_without_shifts_there_is_nothing_to_solve(shop: Shop) -> None:
    roster_id = shop.begin(days=2)
    answer = shop.send(f"/rosters/{roster_id}/solve")
    assert (answer.status_code, "请选择要排的班次" in answer.text) == (422, True)


# ── leave ──


def test_the_approver_of_a_leave_sees_whom_the_shop_will_lack(shop: Shop, api: Ways) -> None:
    leaving.kinds()
    planned.needed(shop.dept, 2, shift_id=shop.shifts["e"].id)
    roster_id = shop.begin(days=2)
    planned.filled(roster_id, shop.shifts, li=(shop.li, "el"), han=(shop.han, "ee"))
    planned.published(roster_id)
    asked = {"kind": "personal", "first_day": "2026-03-09", "last_day": "2026-03-09", "reason": "家里有事"}
    request_id = api("li").post("/leave/requests", data=asked).json["id"]
    page = api("boss").get(f"/leave/requests/{request_id}")
    assert page.status_code == 200
    card = db.session.scalars(
        select(Promise).where(Promise.kind == "message.send").order_by(Promise.seq.desc())
    ).first()
    assert card is not None
    assert "3月9日早班至少 2 人，批准后剩 1 人" in str(card.payload)
    assert rosters.shortfall(shop.li.id, {NEXT_MONDAY + timedelta(days=1): (0, 1440)}) == []  # works late, not missed


def test_where_nobody_is_needed_the_question_costs_one_statement(shop: Shop, statements: list[str]) -> None:
    statements.clear()
    assert rosters.shortfall(shop.li.id, {NEXT_MONDAY: (0, 1440)}) == []
    assert len(statements) == 1
