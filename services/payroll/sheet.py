"""The layout of a payslip workbook: one row for each person, one column for each item, its kind before the colon.

    工号 | 企业微信账号 | 姓名 | 应发：基本工资 | 扣款：个人所得税 | 公司承担：养老保险 | 说明：出勤 | 实发合计

`应发合计` and `扣款合计` may stand beside as a check. Any other column is refused: silence would lose pay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit import workbook
from kit.money import ZERO, Money
from kit.text import clip
from kit.workbook import Findings, Row, Sheet
from models.enums import ItemKind
from services.payroll import rules
from services.payroll.rules import Line, Slip

NUMBER, USERID, NAME, NET = "工号", "企业微信账号", "姓名", "实发合计"
CHECKS = {"应发合计": ItemKind.EARNING, "扣款合计": ItemKind.DEDUCTION}
PREFIXES = {
    "应发": ItemKind.EARNING,
    "扣款": ItemKind.DEDUCTION,
    "公司承担": ItemKind.EMPLOYER_COST,
    "说明": ItemKind.INFORMATION,
}
KIND_TITLES = {kind: prefix for prefix, kind in PREFIXES.items()}
LONGEST_NAME, LONGEST_NOTE = 40, 200
EXAMPLE_ITEMS = (
    "应发：基本工资", "应发：岗位津贴", "应发：加班费", "扣款：养老保险", "扣款：医疗保险", "扣款：失业保险",
    "扣款：住房公积金", "扣款：个人所得税", "公司承担：养老保险", "公司承担：住房公积金", "说明：备注",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A column that holds an item."""

    header: str
    kind: ItemKind
    name: str


@dataclass(frozen=True)
class Given:
    """A row: who it says it is, and the figures."""

    row: int
    number: str
    userid: str
    name: str
    slip: Slip


def label(kind: ItemKind, name: str) -> str:
    """An item by its kind and name, as the workbook heads its column: 扣款：养老保险."""
    return f"{KIND_TITLES[kind]}：{name}"


def given(sheet: Sheet, findings: Findings) -> list[Given]:
    """The rows of the sheet; what is wrong goes to the findings, and its row is left out."""
    items = _items(sheet.header, findings)
    if findings.count:
        return []
    if not sheet.rows:
        findings.add(0, "", "没有数据行，请从第二行起填写")
    return [one for row in sheet.rows if (one := _given(row, items, findings))]


def _items(header: Sequence[str], findings: Findings) -> list[Item]:
    if NUMBER not in header and USERID not in header:
        findings.add(1, NUMBER, "缺少这一列；“工号”和“企业微信账号”至少要有一列")
    for name in (NAME, NET):
        if name not in header:
            findings.add(1, name, "缺少这一列")
    fixed = {NUMBER, USERID, NAME, NET, *CHECKS}
    found = [item for title in header if title not in fixed and (item := _item(title, findings))]
    doubled = {item.header for at, item in enumerate(found) if _same(item) in map(_same, found[:at])}
    for title in doubled:
        findings.add(1, title, "项目重复，请只保留一列")
    return found


def _same(item: Item) -> tuple[ItemKind, str]:
    return item.kind, item.name


def _item(title: str, findings: Findings) -> Item | None:
    prefix, _, name = title.replace(":", "：").partition("：")
    name = name.strip()
    if prefix.strip() not in PREFIXES or not name:
        findings.add(
            1, clip(title, LONGEST_NAME), "不认识的列；请写成“应发：…”“扣款：…”“公司承担：…”或“说明：…”，或删除"
        )
        return None
    if len(name) > LONGEST_NAME:
        findings.add(1, clip(title, LONGEST_NAME), f"项目名称最多 {LONGEST_NAME} 个字")
        return None
    return Item(title, PREFIXES[prefix.strip()], name)


def _given(row: Row, items: Sequence[Item], findings: Findings) -> Given | None:
    before = findings.count
    amounts = [(item, _amount(row, item.header, findings)) for item in items if item.kind is not ItemKind.INFORMATION]
    net = _amount(row, NET, findings)
    notes = tuple((i.name, row.text(i.header)) for i in items if i.kind is ItemKind.INFORMATION and row.text(i.header))
    for name, text in notes:
        if len(text) > LONGEST_NOTE:
            findings.add(row.number, f"说明：{name}", f"最多 {LONGEST_NOTE} 个字")
    if net is None and findings.count == before:
        findings.add(row.number, NET, "没有填写")
    if findings.count > before or net is None:
        return None
    lines = tuple(Line(item.kind, item.name, found) for item, found in amounts if found is not None)
    slip = Slip(lines, net, notes)
    _reconcile(row, slip, findings)
    who = (row.text(NUMBER), row.text(USERID), row.text(NAME))
    return Given(row.number, *who, slip) if findings.count == before else None


def _amount(row: Row, header: str, findings: Findings) -> Money | None:
    try:
        return rules.amount(row.cells.get(header))
    except rules.NotAnAmount as error:
        findings.add(row.number, header, str(error))
        return None


def _reconcile(row: Row, slip: Slip, findings: Findings) -> None:
    for header, kind in CHECKS.items():
        claimed = _amount(row, header, findings)
        if claimed is not None and claimed != slip.subtotal(kind):
            findings.add(row.number, header, "与各项之和不一致")
    if slip.gap != ZERO:
        findings.add(row.number, NET, "不等于应发各项之和减去扣款各项之和")


def template(people: Iterable[Sequence[str]]) -> bytes:
    """The workbook to fill in, with `(employee number, userid, name)` of everybody already in it."""
    return workbook.write("工资条", [NUMBER, USERID, NAME, *EXAMPLE_ITEMS, NET], people)


def layout(rows: Sequence[tuple[Sequence[str], Slip]]) -> bytes:
    """Payslips as a workbook in the same layout: what is taken out can be brought in again."""
    columns = list(dict.fromkeys((line.kind, line.name) for _, slip in rows for line in slip.lines))
    columns.sort(key=lambda column: list(PREFIXES.values()).index(column[0]))
    notes = list(dict.fromkeys(name for _, slip in rows for name, _ in slip.notes))
    header = [
        NUMBER,
        USERID,
        NAME,
        *(label(kind, name) for kind, name in columns),
        *(label(ItemKind.INFORMATION, name) for name in notes),
        NET,
    ]
    return workbook.write("工资条", header, (_laid_out(who, slip, columns, notes) for who, slip in rows))


def _laid_out(
    who: Sequence[str], slip: Slip, columns: Sequence[tuple[ItemKind, str]], notes: Sequence[str]
) -> list[object]:
    amounts = {(line.kind, line.name): line.amount for line in slip.lines}
    words = dict(slip.notes)
    return [*who, *(amounts.get(column, "") for column in columns), *(words.get(n, "") for n in notes), slip.net]
