"""The time machine: a draft is tried on last year's facts, priced by payroll, and released; requests keep theirs."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, PersonStatus, Role
from models.leave import LeaveEntry, LeaveLot, LeavePolicyTrial, LeaveRequest, LeaveRun
from models.people import Grant, Person
from models.platform import AuditRecord
from services import leave, people, platform
from services.leave.granting import grants
from services.leave.policy_drafts import ResultsQuery, running
from simulator import Twin
from tests.factories import leave as leaving
from tests.factories import payroll as paying
from tests.factories import people as make
from tests.integration.console.test_leave_reports import taken
from tests.support.clients import Someone

Ways = Callable[..., Someone]
Drain = Callable[[], int]
STEPS = {
    "basis": "statutory_annual", "accrual": "yearly", "crossing": "segmented", "rounding": "half_day", "steps": "5:2",
    "carry_months": 12, "is_prorated": "true", "valid_from": "2027-01-01", "version": 1,
}  # fmt: skip
"""Two days more after five years with the company."""


@pytest.fixture
def staff(app: Flask, twin: Twin) -> dict[str, Person]:
    """Li of the shop since 2015, Han since 2023, Zhao of the warehouse since January; HR and payroll."""
    leaving.kinds()
    shop, warehouse = make.department("门店"), make.department("仓库")
    hired = {"li": date(2015, 3, 2), "han": date(2023, 5, 8), "zhao": date(2026, 1, 5)}
    found = {}
    for userid, name, dept in (("li", "李雷", shop), ("han", "韩梅", shop), ("zhao", "赵六", warehouse)):
        began = {"hired_on": hired[userid], "first_worked_on": hired[userid]}
        found[userid] = paying.staff(twin, userid, name, dept=dept, **began)
    for role in (Role.HR, Role.PAYROLL, Role.PAYROLL_REVIEWER):
        found[role.value] = paying.staff(twin, role.value, roles=(role,), hired_on=None)
    return found


def post(who: Someone, path: str, **form: object):
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def saved(hr: Someone, code: str = "annual", **changes: object) -> str:
    """A draft that HR has saved; the address of its page."""
    answer = post(hr, f"/leave/policies/{code}/drafts", **STEPS | changes)
    assert answer.status_code == 204, answer.text
    return answer.headers["HX-Redirect"].removeprefix("/console")


def tried(hr: Someone, drain: Drain, year: int = 2025, **changes: object) -> str:
    """A draft that was tried on last year; the address of its page."""
    path = saved(hr, **changes)
    assert post(hr, f"{path}/trials", year=year).status_code == 204
    drain()
    return path


def rows(who: Someone, path: str, query: str = "") -> list[list[str]]:
    answer = who.get(f"{path}?format=csv{query}")
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()[1:]]


def version() -> int:
    with platform.unit_of_work(writes=False):
        return leave.policies.of_kind("annual")[-1].version


class TestTrial:
    def test_a_draft_is_saved_tried_and_read(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = saved(hr)
        assert "未试算" in hr.get("/leave/drafts").text
        assert "开始试算" in hr.get(path).text
        post(hr, f"{path}/trials", year=2025)
        assert "0 / 6 人" in hr.get(f"{path}/progress").text
        drain()
        assert hr.get(f"{path}/progress").headers["Location"] == f"/console{path}"
        page = hr.get(path).text
        for words in ("1 人增加、0 人减少", '<svg class="bars" role="img"', "+2.00 天", "请假保持提交时的版本"):
            assert words in page, words
        assert "满 5 年加 2 天" in hr.get("/leave/drafts").text

    def test_nobody_is_given_anything(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        tried(console("hr"), drain)
        assert (db.session.scalar(select(func.count()).select_from(LeaveLot)), version()) == (0, 1)
        assert "试算" not in console("hr").get("/leave/grants/runs").text

    def test_the_facts_are_those_of_the_year(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        """In 2025 Li has ten years of work, eleven in 2026; Zhao was not there yet; in 2018 Li had no five years."""
        hr = console("hr")
        path = tried(hr, drain)
        found = {row[0]: row[2:5] for row in rows(hr, path)}
        assert found == {"李雷": ["9.00", "11.00", "2.00"], "韩梅": ["5.00", "5.00", "0.00"]}
        assert post(hr, f"{path}/trials", year=2018).status_code == 204
        drain()
        assert [row[:5] for row in rows(hr, path)] == [["李雷", "门店", "5.00", "5.00", "0.00"]]

    def test_each_side_says_why(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        (li,) = rows(console("hr"), tried(console("hr"), drain), "&change=gain")
        assert ("第 1 版" in li[5], "第 2 版" in li[6], "公司给假 2 天" in li[6]) == (True, True, True)

    def test_absences_of_that_year_are_looked_at_as_each_side_says(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        """Three months of sick leave cost the days of who has less than ten years; not where it counts as none."""
        taken(staff["han"], "sick", date(2025, 2, 3), 90)
        hr = console("hr")
        path = tried(hr, drain, steps="", sick_kinds="compensatory")
        assert [row[:5] for row in rows(hr, path, "&change=gain")] == [["韩梅", "门店", "0.00", "5.00", "5.00"]]

    def test_filters_sort_and_pages(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain)
        assert [row[0] for row in rows(hr, path, "&sort=before")] == ["韩梅", "李雷"]
        assert [row[0] for row in rows(hr, path, "&change=same")] == ["韩梅"]
        assert rows(hr, path, "&change=lose") == []
        assert [row[0] for row in rows(hr, path, "&person=李")] == ["李雷"]
        assert rows(hr, path, f"&department_id={staff['zhao'].department_id}") == []
        first = hr.get(f"{path}?limit=1").text
        assert ("李雷" in first, "韩梅" in first, "下一页" in first) == (True, False, True)
        kept = select(func.count()).where(AuditRecord.action == "leave.draft.export")
        assert db.session.scalar(kept) == 5

    def test_chunks_go_on_where_they_were_and_count_nobody_twice(
        self, staff: dict[str, Person], console: Ways, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(grants, "CHUNK", 2)
        path = saved(console("hr"))
        post(console("hr"), f"{path}/trials", year=2025)
        run_id = db.session.scalar(select(LeaveRun.id))
        for _ in range(2):  # a chunk and the same promise again, as after a kill
            with platform.unit_of_work():
                running.keep_trial({"run": run_id})
        assert "4 / 6 人" in console("hr").get(f"{path}/progress").text
        drain()
        assert "1 人增加" in console("hr").get(path).text
        assert db.session.scalar(select(func.count()).select_from(LeavePolicyTrial)) == 2

    def test_a_new_trial_takes_the_place_of_the_one_before(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        path = tried(console("hr"), drain)
        post(console("hr"), f"{path}/trials", year=2024)
        post(console("hr"), f"{path}/trials", year=2023)
        drain()
        assert db.session.scalar(select(func.count(LeavePolicyTrial.run_id.distinct()))) == 1
        assert "2023 年试算结果" in console("hr").get(path).text

    def test_who_worked_here_that_year_is_in_it_and_marked(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        with platform.unit_of_work():
            gone = update(Person).where(Person.id == staff["han"].id)
            db.session.execute(gone.values(status=PersonStatus.INACTIVE, left_on=date(2025, 6, 30)))
        path = tried(console("hr"), drain)
        assert [row[0] for row in rows(console("hr"), path)] == ["李雷", "韩梅"]
        assert "2025-06-30 离职" in console("hr").get(path).text

    def test_who_left_before_is_not_in_it(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        with platform.unit_of_work():
            gone = update(Person).where(Person.id == staff["han"].id)
            db.session.execute(gone.values(status=PersonStatus.INACTIVE, left_on=date(2024, 12, 31)))
        assert [row[0] for row in rows(console("hr"), tried(console("hr"), drain))] == ["李雷"]

    def test_hr_of_a_department_sees_its_people_only(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        path = tried(console("hr"), drain, days="1")
        with platform.unit_of_work():
            narrowed = update(Grant).where(Grant.person_id == staff["hr"].id)
            db.session.execute(narrowed.values(department_id=staff["zhao"].department_id))
        hr = console("hr")
        assert "0 人增加" in hr.get(path).text
        assert rows(hr, path) == []

    def test_a_kind_without_a_policy_is_compared_with_nothing(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        hr = console("hr")
        path = tried(hr, drain, code="personal", basis="company", days="1", steps="", version=0)
        assert "对照按 0 天算" in hr.get(path).text
        assert [row[2:5] for row in rows(hr, path)] == [["0.00", "1.00", "1.00"]] * 2

    @pytest.mark.parametrize("year", [2026, 2007, "last"])
    def test_only_a_past_year_can_be_tried(self, staff: dict[str, Person], console: Ways, year: object) -> None:
        assert post(console("hr"), f"{saved(console('hr'))}/trials", year=year).status_code == 422

    def test_overtime_has_no_year_to_try(self, staff: dict[str, Person], console: Ways) -> None:
        path = saved(console("hr"), code="compensatory", basis="overtime", steps="")
        assert "没有全年额度" in post(console("hr"), f"{path}/trials", year=2025).text

    def test_more_people_ask_no_more_statements(
        self, staff: dict[str, Person], console: Ways, drain: Drain, statements: list[str]
    ) -> None:
        counts, hr = [], people.by_userid("hr")
        for n in range(3):
            make.person(f"more{n}")
            draft_id = tried(console("hr"), drain).rpartition("/")[2]
            statements.clear()
            leave.policy_drafts.summary(hr, draft_id)
            leave.policy_drafts.listing(hr, draft_id, ResultsQuery())
            counts.append(len(statements))
        assert len(set(counts)) == 1


class TestDiscard:
    def test_a_draft_goes_with_what_was_found(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        path = tried(console("hr"), drain)
        assert post(console("hr"), f"{path}/discard").headers["HX-Redirect"] == "/console/leave/drafts"
        assert db.session.scalar(select(func.count()).select_from(LeavePolicyTrial)) == 0
        assert console("hr").get(path).status_code == 404

    def test_its_trial_stops(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        path = saved(console("hr"))
        post(console("hr"), f"{path}/trials", year=2025)
        post(console("hr"), f"{path}/discard")
        drain()
        assert db.session.scalar(select(func.count()).select_from(LeavePolicyTrial)) == 0

    def test_a_form_is_filled_from_it(self, staff: dict[str, Person], console: Ways) -> None:
        path = saved(console("hr"))
        assert "5:2" in console("hr").get(f"/leave/policies/annual?draft={path.rpartition('/')[2]}").text
        assert "5:2" not in console("hr").get("/leave/policies/annual").text


class TestRelease:
    def test_from_its_page_with_a_day(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain)
        assert post(hr, f"{path}/release", valid_from="2027-06-01").status_code == 204
        assert "第 2 版" in hr.get(path).text
        assert "2027-06-01" in hr.get("/leave/policies/annual").text
        assert post(hr, f"{path}/release", valid_from="2027-06-01").status_code == 409
        assert post(hr, f"{path}/discard").status_code == 409

    def test_only_what_was_tried(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        path = saved(console("hr"))
        assert "请先试算" in post(console("hr"), f"{path}/release", valid_from="2027-01-01").text
        post(console("hr"), f"{path}/trials", year=2025)
        assert post(console("hr"), f"{path}/release", valid_from="2027-01-01").status_code == 409

    def test_not_after_another_version_has_come(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        path = tried(hr, drain)
        assert post(hr, "/leave/policies/annual", **STEPS).status_code == 204
        assert post(hr, f"{path}/release", valid_from="2027-01-01").status_code == 409
        assert version() == 2

    def test_only_in_place_of_what_it_was_compared_with(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        hr = console("hr")
        assert post(hr, "/leave/policies/annual", **STEPS).status_code == 204
        path = tried(hr, drain, version=2, valid_from="2026-01-01")
        refused = post(hr, f"{path}/release", valid_from="2027-01-01")
        assert (refused.status_code, "不是试算时对照的版本" in refused.text) == (422, True)

    def test_running_requests_keep_theirs(
        self, staff: dict[str, Person], console: Ways, api: Ways, drain: Drain
    ) -> None:
        """Three of four company days asked for stay asked for, though the draft gives two: only the fourth goes."""
        hr = console("hr")
        generous = STEPS | {"steps": "", "days": "4", "valid_from": "2026-01-01"}
        assert post(hr, "/leave/policies/annual", **generous).status_code == 204
        with platform.unit_of_work():
            leave.grant_for(staff["han"].id)
        wish = {"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-11", "reason": "回家"}
        asked = api("han").post("/leave/requests", json=wish, headers={"Idempotency-Key": new_id()})
        assert asked.status_code == 201, asked.text
        held = _held(asked.json["id"])
        assert held[0] == (1, 3 * 480)
        path = tried(hr, drain, version=2, steps="", days="2", valid_from="2026-01-01")
        assert post(hr, f"{path}/release", valid_from="2026-01-01").status_code == 204
        with platform.unit_of_work():
            leave.grant_yearly(2026)
        assert _held(asked.json["id"]) == held
        with platform.unit_of_work():
            leaving.approve(asked.json["id"])
        assert _held(asked.json["id"]) == held
        corrected = select(LeaveEntry.policy_version, LeaveEntry.minutes).where(
            LeaveEntry.kind == EntryKind.CORRECT, LeaveEntry.person_id == staff["han"].id
        )
        assert [tuple(row) for row in db.session.execute(corrected)] == [(3, -480)]


def _held(request_id: str) -> list[tuple[int, ...]]:
    """The version and the minutes of a request, and what it holds of which lot."""
    asked = select(LeaveRequest.kind_version, LeaveRequest.minutes).where(LeaveRequest.id == request_id)
    holds = select(LeaveEntry.lot_id, LeaveEntry.minutes).where(LeaveEntry.request_id == request_id)
    return [tuple(row) for row in (*db.session.execute(asked), *db.session.execute(holds.order_by(LeaveEntry.seq)))]


class TestCost:
    def paid(self, staff: dict[str, Person], drain: Drain, userid: str, base: float) -> None:
        content = paying.excel([paying.row(staff[userid], base=base, bonus=0)])
        paying.released(staff["payroll"], staff["payroll_reviewer"], content, "2026-02")
        drain()

    def test_days_by_the_daily_wage(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        """10875 / 21.75 x 2 days = 1000.00."""
        self.paid(staff, drain, "li", 10875)
        path = tried(console("hr"), drain).replace("drafts", "costs")
        assert "第 2 版草案" in console("payroll").get("/leave/costs").text
        pay = console("payroll", stepped_up=True)
        assert rows(pay, path) == [["门店", "1", "2.00", "1000.00", "0.00", "1000.00", "0"]]
        page = pay.get(path).text
        assert ("1,000.00" in page, "没有计入金额" in page) == (True, False)

    def test_fewer_days_cost_less(self, staff: dict[str, Person], console: Ways, drain: Drain) -> None:
        hr = console("hr")
        assert post(hr, "/leave/policies/annual", **STEPS).status_code == 204
        self.paid(staff, drain, "li", 10875)
        path = tried(hr, drain, version=2, steps="").replace("drafts", "costs")
        assert rows(console("payroll", stepped_up=True), path) == [
            ["门店", "1", "-2.00", "0.00", "-1000.00", "-1000.00", "0"]
        ]

    def test_a_missing_wage_is_named_and_not_guessed(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        path = tried(console("hr"), drain).replace("drafts", "costs")
        pay = console("payroll", stepped_up=True)
        assert "没有计入金额：李雷" in pay.get(path).text
        assert rows(pay, path) == [["门店", "1", "2.00", "0.00", "0.00", "0.00", "1"]]
        assert rows(pay, path, f"&department_id={staff['zhao'].department_id}") == []

    def test_pay_is_for_payroll_only_and_each_reading_on_record(
        self, staff: dict[str, Person], console: Ways, drain: Drain
    ) -> None:
        path = tried(console("hr"), drain).replace("drafts", "costs")
        assert console("hr", stepped_up=True).get(path).status_code == 403
        assert "折算成本" not in console("hr").get(path.replace("costs", "drafts")).text
        assert "/step-up" in console("payroll").get(path).headers.get("Location", "")
        rows(console("payroll", stepped_up=True), path)
        read = select(AuditRecord.action).where(
            AuditRecord.action.in_(("payroll.wage.read", "leave.policy_cost.export"))
        )
        assert sorted(db.session.scalars(read)) == ["leave.policy_cost.export", "payroll.wage.read"]

    def test_only_what_was_tried_to_the_end(self, staff: dict[str, Person], console: Ways) -> None:
        path = saved(console("hr"))
        assert console("payroll", stepped_up=True).get(path.replace("drafts", "costs")).status_code == 409
        assert "还没有试算过" in console("payroll").get("/leave/costs").text
