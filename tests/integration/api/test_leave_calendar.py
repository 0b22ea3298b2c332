"""The team's month: who sees whom, what stays hidden, and how it grows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit.errors import Invalid
from kit.ids import new_id
from models.base import db
from models.enums import Half, LeaveState, Role
from models.leave import LeaveRequest, LeaveSegment
from models.people import Department, Person
from models.platform import AuditRecord
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def shop(app: Flask) -> dict[str, Person]:
    """Wang leads the shop of Li and Han; Zhao works elsewhere; HR sees everybody."""
    grants.kinds()
    top = make.department("公司")
    shop, other = make.department("门店", parent=top), make.department("仓库", parent=top)
    wang = make.person("wangwu", "王五", leads=True, dept=shop)
    found = {"wangwu": wang, "hr": make.person("hr", "人事", roles=(Role.HR,))}
    for userid, name, dept in (("lilei", "李雷", shop), ("hanmei", "韩梅", shop), ("zhaoliu", "赵六", other)):
        found[userid] = make.person(userid, name, superior=wang if dept is shop else None, dept=dept)
        grants.lot(found[userid], 5)
    return found


def away(person: Person, kind: str = "annual", day: date = date(2026, 3, 10), minutes: int = 480) -> None:
    """Approved leave on one day."""
    span = {"first_day": day, "last_day": day, "from_half": Half.AM, "to_half": Half.PM, "minutes": minutes}
    with platform.unit_of_work():
        row = LeaveRequest(id=new_id(), person_id=person.id, kind_code=kind, kind_version=1, state=LeaveState.APPROVED,
                           days=1, is_confirmed=True, reason="做手术", **span)  # fmt: skip
        db.session.add(row)
        db.session.flush()
        part = {"day": day, "start": 540, "end": 540 + minutes, "minutes": minutes}
        db.session.add(LeaveSegment(request_id=row.id, person_id=person.id, **part))


def on(who: Someone, day: str = "2026-03-10") -> list[tuple[str, str]]:
    """Who is shown as away, and as what."""
    told = who.get(f"/leave/calendar?month={day[:7]}&day={day}").json
    return sorted((one["name"], one["kind_name"]) for one in told["away"])


def test_a_month_counts_its_days_and_opens_one(shop: dict[str, Person], api: Ways) -> None:
    away(shop["lilei"])
    away(shop["hanmei"], "personal", minutes=240)
    told = api("wangwu").get("/leave/calendar?month=2026-03&day=2026-03-10").json
    assert [(one["day"], one["away"]) for one in told["days"] if one["away"]] == [("2026-03-10", 2)]
    assert [one["is_off"] for one in told["days"][:8]] == [True, False, False, False, False, False, True, True]
    assert {(one["name"], one["kind_name"], one["is_part"]) for one in told["away"]} == {
        ("李雷", "年假", False),
        ("韩梅", "事假", True),
    }
    assert (told["previous"], told["following"]) == ("2026-02", "2026-04")


def test_the_reason_never_and_a_sensitive_kind_only_to_oneself(
    shop: dict[str, Person], api: Ways, console: Ways
) -> None:
    away(shop["lilei"], "sick")
    assert on(api("lilei")) == [("李雷", "病假")]
    for userid in ("wangwu", "hanmei", "hr"):
        answer = api(userid).get("/leave/calendar?month=2026-03&day=2026-03-10")
        assert on(api(userid)) == [("李雷", "请假")]
        assert "做手术" not in answer.text
    page = console("hr").get("/leave/calendar?month=2026-03").text
    assert "病假" not in page
    assert "做手术" not in page


def test_one_sees_the_own_department_and_whom_one_looks_after(shop: dict[str, Person], api: Ways) -> None:
    for userid in ("lilei", "zhaoliu"):
        away(shop[userid])
    assert on(api("hanmei")) == on(api("wangwu")) == [("李雷", "年假")]
    assert on(api("zhaoliu")) == [("赵六", "年假")]
    assert on(api("hr")) == sorted([("李雷", "年假"), ("赵六", "年假")])


def test_what_waits_is_marked_and_what_ended_is_gone(shop: dict[str, Person], api: Ways) -> None:
    plan = {"kind": "annual", "first_day": "2026-03-10", "last_day": "2026-03-10"}
    me = api("lilei")
    where = me.post("/leave/requests", json=plan).json["id"]
    (one,) = me.get("/leave/calendar?month=2026-03&day=2026-03-10").json["away"]
    assert one["is_pending"]
    me.post(f"/leave/requests/{where}/withdraw")
    assert on(me) == []


@pytest.mark.parametrize("query", ["month=2026-13", "month=26-3", "month=1999-01", "day=never"])
def test_what_is_no_month_is_refused(shop: dict[str, Person], api: Ways, query: str) -> None:
    assert api("lilei").get(f"/leave/calendar?{query}").status_code == 422


def test_a_day_of_another_month_opens_the_nearest(shop: dict[str, Person], api: Ways) -> None:
    assert api("lilei").get("/leave/calendar?month=2026-03&day=2026-05-01").json["day"] == "2026-03-02"
    assert api("lilei").get("/leave/calendar?month=2026-05").json["day"] == "2026-05-01"
    assert api("lilei").get("/leave/calendar?month=2026-01").json["day"] == "2026-01-31"


class TestGrid:
    def test_it_pages_through_everybody_in_view(self, shop: dict[str, Person], console: Ways) -> None:
        hr = console("hr")
        first = hr.get("/leave/calendar?limit=3").text
        assert "下一页" in first
        assert sum(name in first for name in ("王五", "李雷", "韩梅", "赵六")) < 4
        assert "赵六" in hr.get("/leave/calendar").text
        assert "赵六" not in console("wangwu").get("/leave/calendar").text

    def test_a_department_narrows_it(self, shop: dict[str, Person], console: Ways) -> None:
        page = console("hr").get(f"/leave/calendar?department_id={shop['lilei'].department_id}").text
        assert "李雷" in page
        assert "赵六" not in page

    def test_a_department_never_widens_it(self, shop: dict[str, Person], console: Ways) -> None:
        elsewhere = f"/leave/calendar?department_id={shop['zhaoliu'].department_id}"
        assert "赵六" in console("hr").get(elsewhere).text
        assert "赵六" not in console("wangwu").get(elsewhere).text
        nowhere = console("hr").get(f"/leave/calendar?department_id={new_id()}").text
        assert not any(name in nowhere for name in ("王五", "李雷", "赵六"))

    def test_an_export_is_on_record(self, shop: dict[str, Person], console: Ways) -> None:
        away(shop["lilei"])
        answer = console("hr").get("/leave/calendar?month=2026-03&format=csv")
        lines = answer.data.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("姓名,部门,2026-03-01,")
        assert any(line.startswith("李雷,门店,") and line.split(",")[11] == "年假" for line in lines)
        record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "leave.calendar.export")).one()
        assert record.subject == "2026-03"

    def test_more_people_and_more_leave_ask_no_more_statements(
        self, shop: dict[str, Person], statements: list[str]
    ) -> None:
        hr, counts = people.by_userid("hr"), []
        query = leave.calendar.GridQuery(month="2026-03", limit=100)
        away(shop["lilei"])
        leave.calendar.grid(hr, query)  # what a process reads once
        for size in (1, 40):
            for n in range(size):
                person = make.person(f"more{size}-{n}", dept=None, superior=shop["wangwu"])
                away(person, day=date(2026, 3, 2) + timedelta(days=n % 20))
            statements.clear()
            shown = leave.calendar.grid(hr, query)
            counts.append(len(statements))
        assert len(shown.people) == 46
        assert counts[0] == counts[1] <= 8


def test_the_company_is_nobodys_team(shop: dict[str, Person], api: Ways) -> None:
    top = db.session.get_one(Department, db.session.get_one(Department, shop["lilei"].department_id).parent_id)
    make.person("driver", "司机", dept=top)
    away(make.person("guard", "门卫", dept=top))
    away(shop["lilei"])
    assert [name for name, _ in on(api("driver"))] == ["门卫"]


def test_a_file_that_would_be_cut_is_refused(shop: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leave.calendar, "AT_ONCE", 2)
    monkeypatch.setattr(leave.calendar, "MOST_EXPORTED", 4)
    with platform.unit_of_work(), pytest.raises(Invalid, match="超过 4 人，请选择部门后再导出"):
        leave.calendar.export(people.by_userid("hr"), leave.calendar.GridQuery(month="2026-03"))
    monkeypatch.setattr(leave.calendar, "MOST_EXPORTED", 5)
    with platform.unit_of_work():
        assert len(leave.calendar.export(people.by_userid("hr"), leave.calendar.GridQuery(month="2026-03")).people) == 5


def test_half_a_thousand_people_are_read_at_once(app: Flask, statements: list[str]) -> None:
    grants.kinds()
    hr = make.person("hr", roles=(Role.HR,))
    with platform.unit_of_work():
        rows: list[dict[str, Any]] = [
            {"userid": f"p{n}", "name": f"员工{n}", "superior_id": hr.id, "is_manager": False} for n in range(499)
        ]
        db.session.add_all(Person(**row) for row in rows)
    actor = people.by_userid("hr")
    statements.clear()
    shown = leave.calendar.export(actor, leave.calendar.GridQuery(month="2026-03"))
    assert (len(shown.people), shown.next_cursor, len(shown.people[0].marks)) == (500, None, 31)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 8
