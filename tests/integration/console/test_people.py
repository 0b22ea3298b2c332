"""HR and administrators look after people on the console."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import workbook
from models.base import db
from models.enums import Outcome, PersonStatus, Role
from models.people import LoginSession, Person
from models.platform import AuditRecord
from services import people
from tests.factories.people import department, person
from tests.support.clients import Someone

HEADER = ("账号", "姓名", "工号", "性别", "手机", "邮箱", "入职日期", "首次工作日期")
Row = tuple[Any, ...]


@pytest.fixture(autouse=True)
def company(app: Flask) -> None:
    top = department("公司")
    shop = department("门店", parent=top)
    boss = person("boss", "王总", dept=top, leads=True)
    person("hr", "何人", dept=top, roles=(Role.HR,), employee_number="E001")
    person("admin", "管理", dept=top, roles=(Role.ADMIN,))
    lead = person("lead", "陈组长", dept=shop, superior=boss)
    person("li", "李华", dept=shop, superior=lead, employee_number="E007", hired_on=date(2024, 5, 6))
    person("zhao", "赵云", dept=shop, superior=lead, hired_on=None)
    person("gone", "钱走", dept=shop, status=PersonStatus.INACTIVE)


def id_of(userid: str) -> str:
    return db.session.scalars(select(Person.id).where(Person.userid == userid)).one()


def one(userid: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.userid == userid)).one()


class TestList:
    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ("", ["李华", "王总", "何人"], ["钱走"]),
            ("?status=inactive", ["钱走"], ["李华"]),
            ("?status=all", ["钱走", "李华"], []),
            ("?q=李", ["李华"], ["赵云"]),
            ("?q=E007", ["李华"], ["赵云"]),
            ("?q=LI", ["李华"], ["赵云"]),
            ("?role=hr", ["何人"], ["李华"]),
            ("?q=%25", ["没有符合条件的员工"], ["李华"]),
        ],
    )
    def test_filters(self, console, query: str, shown: list[str], hidden: list[str]) -> None:
        page = console("hr").get(f"/people{query}").text
        body = page.partition("<main")[2]
        assert all(name in body for name in shown)
        assert not any(name in body for name in hidden)

    def test_a_department_includes_what_is_below(self, console) -> None:
        top = one("boss").department_id
        assert "李华" in console("hr").get(f"/people?department_id={top}").text

    @pytest.mark.parametrize("sort", ["name", "-name", "number", "-number", "hired", "-hired"])
    def test_pages_meet_everybody_once_in_any_order(self, console, sort: str) -> None:
        query = people.listing.PeopleQuery(limit=2, sort=sort)
        actor, met = people.by_userid("hr"), []
        while True:
            page = people.listing.people_page(actor, query)
            met += [line.userid for line in page.items]
            if page.next_cursor is None:
                break
            query = query.model_copy(update={"cursor": page.next_cursor})
        assert sorted(met) == ["admin", "boss", "hr", "lead", "li", "zhao"]

    @pytest.mark.parametrize(
        "query",
        [
            "cursor=x",
            "sort=salary",
            "limit=0",
            "limit=100000",
            "status=x",
            "format=exe",
            "x=1",
            "department_id=1",
            "cursor=WyJhIiwxXQ",
        ],
    )
    def test_odd_questions_are_refused(self, console, query: str) -> None:
        assert console("hr").get(f"/people?{query}").status_code == 422

    def test_a_file_needs_fresh_proof_and_leaves_a_record(self, console) -> None:
        asked = console("hr").get("/people?status=all&format=xlsx").headers["Location"]
        assert asked == "/console/step-up?next=%2Fconsole%2Fpeople%3Fstatus%3Dall%23export-xlsx"
        assert '<a id="export-xlsx" href="?status=all&amp;format=xlsx">' in console("hr").get("/people?status=all").text
        response = console("hr", stepped_up=True).get("/people?format=xlsx&status=all")
        sheet = workbook.read(response.data)
        assert {row.text("姓名") for row in sheet.rows} >= {"李华", "钱走"}
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "people.person.export" in db.session.scalars(select(AuditRecord.action)).all()

    def test_a_manager_sees_reports_only(self, console) -> None:
        body = console("lead").get("/people").text.partition("<main")[2]
        assert "李华" in body
        assert "何人" not in body

    def test_a_formula_in_a_name_stays_text(self, console) -> None:
        person("evil", "=HYPERLINK(1)")
        csv = console("hr", stepped_up=True).get("/people?format=csv&q=HYPER").text
        assert "'=HYPERLINK(1)" in csv


class TestPerson:
    def test_a_page_shows_who_it_is(self, console) -> None:
        body = console("hr").get(f"/people/{id_of('li')}").text
        assert all(word in body for word in ("李华", "E007", "门店", "陈组长", "2024-05-06"))

    def test_people_out_of_reach_and_people_who_are_not_look_alike(self, console) -> None:
        lead = console("lead")
        hidden, absent = lead.get(f"/people/{id_of('hr')}"), lead.get("/people/01J00000000000000000000000")
        assert hidden.status_code == absent.status_code == 404

    def test_employees_have_no_business_here(self, console) -> None:
        assert console("li").get("/people").status_code == 403


class TestRoles:
    def give(self, who: Someone, userid: str, **form: str) -> Any:
        return who.post(f"/people/{id_of(userid)}/grants", data=form)

    def test_given_and_taken_with_sessions_ended_and_recorded(self, console, h5) -> None:
        admin, li = console("admin", stepped_up=True), h5("li")
        assert self.give(admin, "li", role="hr").status_code == 303
        assert li.get("/people/me").status_code == 303  # to the login
        (given,) = people.grants.of_person(id_of("li"))
        assert admin.post(f"/people/grants/{given.id}/revoke").status_code == 303
        assert people.grants.of_person(id_of("li")) == []
        acts = [a for a in db.session.scalars(select(AuditRecord.action)) if a.startswith("people.grant")]
        assert acts == ["people.grant.give", "people.grant.revoke"]

    def test_fresh_proof_is_needed(self, console) -> None:
        assert "/console/step-up" in self.give(console("admin"), "li", role="hr").headers.get("Location", "")
        assert people.grants.of_person(id_of("li")) == []

    def test_never_to_oneself(self, console) -> None:
        admin = console("admin", stepped_up=True)
        assert self.give(admin, "admin", role="payroll").status_code == 403
        (own,) = people.grants.of_person(id_of("admin"))
        assert admin.post(f"/people/grants/{own.id}/revoke").status_code == 403
        refused = select(AuditRecord.after).where(AuditRecord.outcome == Outcome.REFUSED)
        assert [after["code"] for after in db.session.scalars(refused)] == ["people.own_grant"] * 2

    def test_who_prepares_pay_does_not_release_it(self, console) -> None:
        admin = console("admin", stepped_up=True)
        self.give(admin, "li", role="payroll")
        response = self.give(admin, "li", role="payroll_reviewer")
        assert response.status_code == 409
        assert "薪酬复核" in response.text

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({}, 422),
            ({"role": "king"}, 422),
            ({"role": "hr", "department_id": "1"}, 422),
            ({"role": "hr", "x": "1"}, 422),
            ({"role": "hr", "department_id": "01J00000000000000000000000"}, 404),
        ],
    )
    def test_odd_roles(self, console, form: dict[str, str], status: int) -> None:
        assert self.give(console("admin", stepped_up=True), "li", **form).status_code == status

    def test_not_twice_and_not_to_who_left(self, console) -> None:
        admin = console("admin", stepped_up=True)
        self.give(admin, "li", role="hr")
        assert self.give(admin, "li", role="hr").status_code == 409
        assert self.give(admin, "gone", role="hr").status_code == 409

    def test_hr_gives_no_roles(self, console) -> None:
        assert self.give(console("hr", stepped_up=True), "li", role="admin").status_code == 403

    def test_the_page_of_roles_lists_and_exports(self, console) -> None:
        admin = console("admin")
        assert "何人" in admin.get("/people/grants").text
        assert "何人" not in admin.get("/people/grants?role=admin").text.partition("<main")[2]
        assert "何人,人事,全公司" in admin.get("/people/grants?format=csv").text


class TestWorkbook:
    """What WeCom does not tell, from HR's workbook: all rows or none."""

    def check(self, who: Someone, *rows: Row, header: Row = HEADER) -> Any:
        book = workbook.write("员工信息", header, rows)
        return who.post("/people/import/check", data={"workbook": (io.BytesIO(book), "员工.xlsx")})

    def take(self, console: Any, *rows: Row) -> Any:
        hr = console("hr", stepped_up=True)
        page = self.check(hr, *rows)
        assert page.status_code == 200, page.text
        file_id = page.text.partition('name="file_id" value="')[2][:26]
        return hr.post("/people/import", data={"file_id": file_id})

    def test_the_template_lists_everybody_in_reach(self, console) -> None:
        sheet = workbook.read(console("hr").get("/people/import/template").data)
        assert sheet.header == HEADER
        assert [row.text("工号") for row in sheet.rows if row.text("账号") == "li"] == ["E007"]
        assert "gone" not in {row.text("账号") for row in sheet.rows}

    def test_values_are_shown_then_taken_over(self, console) -> None:
        row = ("LI", "李华", "E008", "女", "13800000001", "li@example.com", "2023-01-02", "2020/7/1")
        page = self.check(console("hr"), row)
        assert "E007" in page.text
        assert "13800000001" not in page.text
        assert one("li").employee_number == "E007"  # looked at only
        assert self.take(console, row).status_code == 303
        li = one("li")
        assert (li.employee_number, li.gender, li.hired_on) == ("E008", "female", date(2023, 1, 2))
        assert li.first_worked_on == date(2020, 7, 1)
        assert people.contact.contact_of(li.id).mobile == "13800000001"
        assert b"13800000001" not in (li.sealed_contact or b"")

    def test_empty_cells_say_nothing_and_a_repeat_changes_nothing(self, console) -> None:
        row = ("li", "李华", "E008", "女", "13800000001", "", "", "")
        self.take(console, row)
        sealed = one("li").sealed_contact
        assert "无需导入" in self.check(console("hr"), row).text
        assert (one("li").hired_on, one("li").sealed_contact) == (date(2024, 5, 6), sealed)

    def test_two_people_may_swap_numbers(self, console) -> None:
        rest = ("",) * 5
        self.take(console, ("zhao", "赵云", "E008", *rest))
        assert self.take(console, ("zhao", "赵云", "E007", *rest), ("li", "李华", "E008", *rest)).status_code == 303
        assert (one("li").employee_number, one("zhao").employee_number) == ("E008", "E007")

    def test_every_wrong_cell_is_named_and_nothing_is_stored(self, console) -> None:
        rows = [
            ("nobody", "无人", "", "", "", "", "", ""),
            ("li", "李花", "E 8", "其他", "123", "li@", "2023-13-01", ""),
            ("li", "李华", "", "", "", "", "", ""),
            ("zhao", "赵云", "E001", "", "", "", "2024-01-01", "2025-01-01"),
            ("lead", "陈组长", "X1", "", "", "", "2999-01-01", ""),
            ("boss", "王总", "X1", "", "", "", "1900-01-01", ""),
        ]
        response = self.check(console("hr"), *rows)
        assert response.status_code == 422
        for words in (
            "第 2 行 “账号”", "第 3 行 “姓名”", "第 3 行 “工号”", "第 3 行 “性别”", "第 3 行 “手机”", "第 3 行 “邮箱”",
            "第 3 行 “入职日期”", "第 4 行 “账号”", "第 5 行 “工号”", "已是何人的工号", "第 5 行 “首次工作日期”",
            "第 6 行 “入职日期”", "第 7 行 “入职日期”", "与第 6 行重复",
        ):  # fmt: skip
            assert words in response.text, words
        assert one("li").employee_number == "E007"

    def test_a_foreign_table_is_refused(self, console) -> None:
        assert "缺少这一列" in self.check(console("hr"), ("x",), header=("名字",)).text
        assert (
            "模板中没有这一列"
            in self.check(console("hr"), (*["li", "李华"], "1"), header=("账号", "姓名", "工资")).text
        )

    @pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"\x00" * 1000])
    def test_what_is_no_workbook_is_refused(self, console, content: bytes) -> None:
        response = console("hr").post("/people/import/check", data={"workbook": (io.BytesIO(content), "a.xlsx")})
        assert response.status_code == 422

    def test_only_what_one_has_looked_at_oneself_is_taken_over(self, console) -> None:
        person("hr2", "另一", roles=(Role.HR,))
        page = self.check(console("hr"), ("li", "李华", "E009", "", "", "", "", ""))
        file_id = page.text.partition('name="file_id" value="')[2][:26]
        assert console("hr2", stepped_up=True).post("/people/import", data={"file_id": file_id}).status_code == 403
        assert console("hr", stepped_up=True).post("/people/import", data={"file_id": "0" * 26}).status_code == 403

    def test_sessions_stay(self, console) -> None:
        self.take(console, ("li", "李华", "E009", "", "", "", "", ""))
        assert db.session.scalars(select(LoginSession)).all()
