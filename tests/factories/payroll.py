"""Payslip workbooks as HR makes them, and batches that went through the real doors."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from models.enums import Role
from models.people import Person
from services import payroll, people, platform
from services.platform import Upload
from simulator import Twin
from tests.factories import people as make

HEADER = (
    "企业微信账号",
    "姓名",
    "应发：基本工资",
    "应发：奖金",
    "扣款：个人所得税",
    "公司承担：养老保险",
    "说明：备注",
    "实发合计",
)


def staff(twin: Twin, userid: str, name: str = "", **columns: Any) -> Person:
    """An employee who is in our directory and in WeCom's."""
    with twin.quiet():
        twin.add_member(userid, name or userid)
    return make.person(userid, name, **columns)


class Company:
    """Who prepares, who releases, and people with one boss who are paid."""

    def __init__(self, twin: Twin) -> None:
        self.preparer = staff(twin, "gao", "高薪", roles=(Role.PAYROLL,))
        self.releaser = staff(twin, "wei", "魏核", roles=(Role.PAYROLL_REVIEWER,))
        self.boss = staff(twin, "boss", "老板")
        self.li = staff(twin, "lihua", "李华", superior=self.boss, employee_number="007")
        self.han = staff(twin, "hanmei", "韩梅", superior=self.boss)

    def release(self, *rows: list[object], month: str = "2026-02", **wish: Any) -> str:
        """A batch on its way with these rows, by default one for each of the two; draining publishes it."""
        content = excel(rows or (row(self.li), row(self.han, bonus=0)))
        return released(self.preparer, self.releaser, content, month, **wish)


def row(
    person: Person, base: float | str = 10000, bonus: float | str = 500, tax: float | str = 290.5, **other: object
) -> list[object]:
    """A row that reconciles unless `net` says otherwise; numbers become number cells, as Excel keeps them."""
    net = other["net"] if "net" in other else float(base) + float(bonus) - float(tax)
    return [person.userid, other.get("name", person.name), base, bonus, tax, 1600, other.get("note", ""), net]


def excel(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER, sheet: str = "工资条") -> bytes:
    """A workbook as Excel saves it."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, cells in enumerate([header, *rows]):
        for column, value in enumerate(cells):
            page.write(number, column, value)
    book.close()
    return target.getvalue()


def prepared(preparer: Person, content: bytes, month: str = "2026-02", **wish: Any) -> str:
    """A draft."""
    with platform.unit_of_work():
        asked = payroll.Prepare(month=month, file=Upload("工资条.xlsx", content), **wish)
        return payroll.prepare(people.by_id(preparer.id), asked)


def released(preparer: Person, releaser: Person, content: bytes, month: str = "2026-02", **wish: Any) -> str:
    """A batch on its way; draining publishes it."""
    batch_id = prepared(preparer, content, month, **wish)
    query = payroll.FiguresQuery(purpose="review")
    with platform.unit_of_work():
        seen = payroll.figures.figures(people.by_id(releaser.id), batch_id, query)
        assert seen.overview
        agreed = payroll.Release(people=seen.batch.people, net=str(seen.overview.totals.net))
        payroll.release(people.by_id(releaser.id), batch_id, agreed)
    return batch_id
