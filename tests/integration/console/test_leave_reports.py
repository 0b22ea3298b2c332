"""HR's reports on leave: what was taken, what is unused, and what that would cost whoever may know pay."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from kit.ids import new_id
from models.base import db
from models.enums import Half, LeaveState, Role
from models.leave import LeaveRequest, LeaveSegment
from models.people import Person
from models.platform import AuditRecord
from services import leave, liability, payroll, people, platform
from services.leave import ledger
from services.leave.ledger import Grant
from simulator import Twin
from tests.factories import leave as grants
from tests.factories import payroll as paying
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
LAST_YEAR, THIS_YEAR = "first=2025-01-01&last=2025-12-31", "first=2026-01-01&last=2026-12-31"


def taken(person: Person, kind: str, first: date, days: int = 1, part: int = 480, state: str = "approved") -> None:
    """Leave on so many days in a row, so many minutes of each."""
    span = {"first_day": first, "last_day": first + timedelta(days=days - 1), "from_half": Half.AM, "to_half": Half.PM}
    with platform.unit_of_work():
        row = LeaveRequest(
            id=new_id(),
            person_id=person.id,
            kind_code=kind,
            kind_version=1,
            state=LeaveState(state),
            minutes=part * days,
            days=Decimal(part * days) / 480,
            is_confirmed=True,
            reason="",
            **span,
        )
        db.session.add(row)
        db.session.flush()
        common = {"request_id": row.id, "person_id": person.id, "start": 540, "end": 540 + part, "minutes": part}
        db.session.add_all(LeaveSegment(day=first + timedelta(days=n), **common) for n in range(days))


@pytest.fixture
def staff(app: Flask, twin: Twin) -> dict[str, Person]:
    """Li and Han of the shop and Zhao of the warehouse, under Wang; HR, payroll and who releases pay."""
    grants.kinds()
    shop, warehouse = make.department("门店"), make.department("仓库")
    found = {"wang": paying.staff(twin, "wang", "王五", leads=True, dept=shop)}
    for userid, name, dept in (("li", "李雷", shop), ("han", "韩梅", shop), ("zhao", "赵六", warehouse)):
        found[userid] = paying.staff(twin, userid, name, dept=dept)
    for role in (Role.HR, Role.PAYROLL, Role.PAYROLL_REVIEWER):
        found[role.value] = paying.staff(twin, role.value, roles=(role,))
    return found


def rows(who: Someone, path: str) -> list[list[str]]:
    """The lines of a CSV below its head."""
    answer = who.get(f"{path}&format=csv" if "?" in path else f"{path}?format=csv")
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()[1:]]


class TestTaken:
    def test_by_department_kind_and_weekday(self, staff: dict[str, Person], console: Ways) -> None:
        taken(staff["li"], "annual", date(2025, 6, 2), 2)  # Monday and Tuesday
        taken(staff["han"], "sick", date(2025, 6, 3), part=240)
        taken(staff["zhao"], "annual", date(2025, 6, 6))
        hr = console("hr")
        assert rows(hr, f"/leave/reports?{LAST_YEAR}") == [["门店", "2.50", "3"], ["仓库", "1.00", "1"]]
        assert rows(hr, f"/leave/reports?{LAST_YEAR}&by=kind") == [["年假", "3.00", "3"], ["病假", "0.50", "1"]]
        weekdays = rows(hr, f"/leave/reports?{LAST_YEAR}&by=weekday")
        assert [row[1] for row in weekdays] == ["1.00", "1.50", "0.00", "0.00", "1.00", "0.00", "0.00"]

    def test_only_what_was_approved_within_the_days_counts(self, staff: dict[str, Person], console: Ways) -> None:
        taken(staff["li"], "annual", date(2025, 12, 31), 3)
        for state in ("pending", "rejected", "cancelled", "withdrawn"):
            taken(staff["han"], "annual", date(2025, 5, 6), state=state)
        assert rows(console("hr"), f"/leave/reports?{LAST_YEAR}") == [["门店", "1.00", "1"]]
        assert rows(console("hr"), f"/leave/reports?{THIS_YEAR}") == [["门店", "2.00", "2"]]

    def test_a_manager_sees_the_own_people_and_a_department_narrows(
        self, staff: dict[str, Person], console: Ways
    ) -> None:
        for userid in ("li", "zhao"):
            taken(staff[userid], "annual", date(2025, 6, 2))
        assert rows(console("wang"), f"/leave/reports?{LAST_YEAR}") == [["门店", "1.00", "1"]]
        narrow = f"/leave/reports?{LAST_YEAR}&department_id={staff['zhao'].department_id}"
        assert rows(console("hr"), narrow) == [["仓库", "1.00", "1"]]

    def test_the_page_shows_a_chart_beside_its_table(self, staff: dict[str, Person], console: Ways) -> None:
        taken(staff["li"], "annual", date(2025, 6, 2))
        page = console("hr").get(f"/leave/reports?{LAST_YEAR}").text
        assert '<svg class="bars" role="img"' in page
        assert "100.0%" in page
        assert "没有已批准的请假" in console("hr").get(f"/leave/reports?{THIS_YEAR}").text

    @pytest.mark.parametrize("query", ["first=2026-02-01&last=2026-01-01", "first=2020-01-01", "by=reason"])
    def test_what_makes_no_sense_is_refused(self, staff: dict[str, Person], console: Ways, query: str) -> None:
        assert console("hr").get(f"/leave/reports?{query}").status_code == 422

    def test_more_leave_asks_no_more_statements(self, staff: dict[str, Person], statements: list[str]) -> None:
        hr, counts = people.by_userid("hr"), []
        for n in range(3):
            taken(staff["li"], "annual", date(2025, 6, 2) + timedelta(days=7 * n), 3)
            statements.clear()
            for by in ("department", "kind", "weekday"):
                query = leave.reports.ReportQuery(first=date(2025, 1, 1), last=date(2025, 12, 31), by=by)
                leave.reports.distribution(hr, query)
            counts.append(len(statements))
        assert len(set(counts)) == 1


class TestUnused:
    def test_by_department_with_what_expires_soon(self, staff: dict[str, Person], console: Ways) -> None:
        grants.lot(staff["li"], 5)
        grants.lot(staff["li"], 1.5, expires_on=date(2026, 4, 30), title="2025年年假")
        grants.lot(staff["zhao"], 3)
        assert rows(console("hr"), "/leave/reports/unused") == [
            ["门店", "1", "6.50", "1.50"],
            ["仓库", "1", "3.00", "0.00"],
        ]
        page = console("hr").get("/leave/reports/unused").text
        assert "2 人共剩 9.50 天，其中 1.50 天在 90 天内到期" in page
        assert rows(console("wang"), "/leave/reports/unused") == [["门店", "1", "6.50", "1.50"]]


class TestMoney:
    def granted(self, person: Person, days: float) -> None:
        """Statutory days, under the key that the policy gives them."""
        key, until = f"annual:2026:{person.id}", date(2027, 12, 31)
        given = Grant(key, person.id, "annual", "2026年年假", date(2026, 1, 1), until, int(days * 480), "法定")
        with platform.unit_of_work():
            ledger.grant([given], "system:tests")

    def paid(self, staff: dict[str, Person], drain: Callable[[], int], *lines: list[object], month: str) -> None:
        paying.released(staff["payroll"], staff["payroll_reviewer"], paying.excel(lines), month)
        drain()

    def test_days_by_the_average_wage(self, staff: dict[str, Person], console: Ways, drain: Callable[[], int]) -> None:
        """china-hr-rules 1.3: 10000 / 21.75 x 3 x 200% = 2758.62; 7250 / 21.75 x 5 x 200% = 3333.33."""
        self.granted(staff["li"], 3)
        self.granted(staff["zhao"], 5)
        lines = [(staff["li"], 9000, 500), (staff["zhao"], 7250, 0)]
        self.paid(staff, drain, *(paying.row(who, base=base, bonus=more) for who, base, more in lines), month="2026-01")
        lines = [(staff["li"], 10000, 500), (staff["zhao"], 7250, 0)]
        self.paid(staff, drain, *(paying.row(who, base=base, bonus=more) for who, base, more in lines), month="2026-02")
        found = rows(console("payroll", stepped_up=True), "/leave/reports/liability")
        assert found == [["仓库", "1", "5.00", "3333.33", "0"], ["门店", "1", "3.00", "2758.62", "0"]]

    def test_the_twelve_months_before_count_with_all_that_was_paid_in_them(
        self, staff: dict[str, Person], drain: Callable[[], int]
    ) -> None:
        """Today is 2 March 2026: February 2025 is too old, March too new; a bonus belongs to its month."""
        self.granted(staff["li"], 3)
        for month, base in (("2025-02", 90000), ("2025-03", 9000), ("2026-02", 10000), ("2026-03", 90000)):
            self.paid(staff, drain, paying.row(staff["li"], base=base, bonus=0), month=month)
        bonus = paying.excel([paying.row(staff["li"], base=0, bonus=1000)])
        paying.released(staff["payroll"], staff["payroll_reviewer"], bonus, "2026-02", title="年终奖")
        drain()
        with platform.unit_of_work():
            wages = payroll.wages.averages(people.by_userid("payroll"), [staff["li"].id, staff["han"].id])
        assert {one: (str(wage.average), wage.months) for one, wage in wages.items()} == {
            staff["li"].id: ("10000.00", 2)
        }

    def test_a_correction_takes_the_place_of_what_it_corrects(
        self, staff: dict[str, Person], drain: Callable[[], int]
    ) -> None:
        self.paid(staff, drain, paying.row(staff["li"], base=9000, bonus=0), month="2026-02")
        mended = paying.excel([paying.row(staff["li"], base=10000, bonus=0)])
        paying.released(staff["payroll"], staff["payroll_reviewer"], mended, "2026-02", is_correction=True)
        drain()
        with platform.unit_of_work():
            (wage,) = payroll.wages.averages(people.by_userid("payroll"), [staff["li"].id]).values()
        assert str(wage.average) == "10000.00"

    def test_overtime_is_no_part_of_it(self, staff: dict[str, Person], drain: Callable[[], int]) -> None:
        self.granted(staff["li"], 3)
        header = ("企业微信账号", "姓名", "应发：基本工资", "应发：加班工资", "实发合计")
        content = paying.excel([["li", "李雷", 10000, 2500, 12500]], header=header)
        paying.released(staff["payroll"], staff["payroll_reviewer"], content, "2026-02")
        drain()
        with platform.unit_of_work():
            found = liability.liability(people.by_userid("payroll"), liability.LiabilityQuery())
        assert str(found.amount) == "2758.62"

    def test_a_missing_wage_is_named_and_not_guessed(self, staff: dict[str, Person], console: Ways) -> None:
        self.granted(staff["li"], 3)
        page = console("payroll", stepped_up=True).get("/leave/reports/liability").text
        assert "没有已发布的工资条，没有计入金额：李雷" in page
        assert rows(console("payroll", stepped_up=True), "/leave/reports/liability") == [
            ["门店", "1", "3.00", "0.00", "1"]
        ]

    def test_a_whole_company_is_reckoned_in_as_many_statements_as_a_team(
        self, staff: dict[str, Person], drain: Callable[[], int], statements: list[str]
    ) -> None:
        def whole() -> liability.LiabilityOut:
            statements.clear()
            with platform.unit_of_work():
                return liability.liability(people.by_userid("payroll"), liability.LiabilityQuery())

        self.granted(staff["li"], 3)
        self.paid(staff, drain, paying.row(staff["li"], base=10000, bonus=0), month="2026-02")
        assert str(whole().amount) == "2758.62"
        few = len(statements)
        self.hire_like(staff["li"], 3_000)
        found = whole()
        assert (found.people, str(found.amount), found.missing) == (3_001, "2758.62", 3_000)
        assert len(statements) - few < 20

    def hire_like(self, person: Person, count: int) -> None:
        """So many more in the same department, each with three statutory days."""
        like = {column.key: getattr(person, column.key) for column in Person.__table__.columns}
        ids = [new_id() for _ in range(count)]
        span = (date(2026, 1, 1), date(2027, 12, 31))
        given = [Grant(f"annual:2026:{one}", one, "annual", "2026年年假", *span, 3 * 480, "法定") for one in ids]
        with platform.unit_of_work():
            db.session.execute(insert(Person), [{**like, "id": one, "userid": one} for one in ids])
            ledger.grant(given, "system:tests")

    def test_what_the_company_gives_on_top_is_left_out(self, staff: dict[str, Person], console: Ways) -> None:
        with platform.unit_of_work():
            actor = people.by_userid("hr")
            leave.adjust(actor, leave.Adjust(person_id=staff["li"].id, kind="annual", amount="2", reason="年会抽奖"))
        assert rows(console("payroll", stepped_up=True), "/leave/reports/liability") == []

    def test_pay_is_for_payroll_only_and_each_reading_on_record(self, staff: dict[str, Person], console: Ways) -> None:
        self.granted(staff["li"], 3)
        for userid in ("hr", "wang"):
            assert console(userid, stepped_up=True).get("/leave/reports/liability").status_code == 403
        assert "/step-up" in console("payroll").get("/leave/reports/liability").headers.get("Location", "")
        console("payroll", stepped_up=True).get("/leave/reports/liability")
        read = select(func.count()).where(AuditRecord.action == "payroll.wage.read")
        assert db.session.scalar(read) == 1
