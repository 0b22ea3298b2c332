"""The layout of HR's workbook of grants, and its rows as grants.

账号 | 姓名 | 假别 | 数量 | 说明 | 有效期自 | 有效期至
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from kit import clock
from kit.workbook import Findings, Row
from models.enums import LeaveUnit
from services.leave import rules
from services.leave.ledger import Grant
from services.leave.rulebook.catalog import Kind
from services.people import PersonView

SHEET = "假期额度"
ACCOUNT, NAME, KIND, AMOUNT, TITLE = "账号", "姓名", "假别", "数量", "说明"
FROM, UNTIL = "有效期自", "有效期至"
HEADER = (ACCOUNT, NAME, KIND, AMOUNT, TITLE, FROM, UNTIL)
WIDTHS = (18, 12, 14, 10, 30, 14, 14)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
LONGEST_TITLE, MOST_AMOUNT = 40, Decimal(400)


@dataclass(frozen=True)
class Known:
    """What rows are checked against: people by account or number, kinds by name or code, working days in minutes."""

    people: dict[str, PersonView]
    kinds: dict[str, Kind]
    lengths: dict[str, int]


@dataclass(frozen=True)
class Given:
    """A row that was understood."""

    row: int
    person: PersonView
    kind: Kind
    grant: Grant
    length: str


def given(row: Row, known: Known, findings: Findings) -> Given | None:
    """What a row gives; what is wrong goes to the findings."""
    before = findings.count
    person, kind, title = _person(row, known, findings), known.kinds.get(row.text(KIND)), row.text(TITLE)
    if kind is None:
        findings.add(row.number, KIND, "没有这种假，或它不需要额度")
    if not 2 <= len(title) <= LONGEST_TITLE:
        findings.add(row.number, TITLE, f"请用 2 到 {LONGEST_TITLE} 个字说明")
    span = _span(row, findings)
    amount = _amount(row, findings)
    if findings.count > before or not (person and kind and span and amount):
        return None
    minutes = amount * (rules.HOUR if kind.rules.unit is LeaveUnit.HOUR else known.lengths[person.id])
    if minutes != minutes.to_integral_value():
        findings.add(row.number, AMOUNT, "不能换算成整分钟，请调整小数")
        return None
    length = rules.words(int(minutes), known.lengths[person.id], kind.rules.unit)
    return Given(row.number, person, kind, _made(person, kind, title, span, int(minutes)), length)


def _person(row: Row, known: Known, findings: Findings) -> PersonView | None:
    person = known.people.get(row.text(ACCOUNT))
    if person is None:
        findings.add(row.number, ACCOUNT, "没有这个账号或工号，或不在您的管理范围内")
    elif row.text(NAME) != person.name:
        findings.add(row.number, NAME, f"与通讯录中的“{person.name}”不一致，请核对是否错行")
    return person


def _made(person: PersonView, kind: Kind, title: str, span: tuple[date, date], minutes: int) -> Grant:
    first, last = span
    parts = (person.id, kind.code, first.isoformat(), last.isoformat(), title)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:48]
    return Grant(
        key=f"import:{digest}",
        person_id=person.id,
        kind_code=kind.code,
        title=title,
        starts_on=first,
        expires_on=last,
        minutes=minutes,
        sentence=f"{title}：人事导入，{last.isoformat()} 前有效",
        kind_version=kind.version,
    )


def _amount(row: Row, findings: Findings) -> Decimal | None:
    try:
        amount = Decimal(row.text(AMOUNT))
    except InvalidOperation:
        amount = Decimal(0)
    if 0 < amount <= MOST_AMOUNT:
        return amount
    findings.add(row.number, AMOUNT, f"请填写大于 0、不超过 {MOST_AMOUNT} 的数；按小时的假以小时计，其余以天计")
    return None


def _span(row: Row, findings: Findings) -> tuple[date, date] | None:
    first, last = (_date(row, column, findings) for column in (FROM, UNTIL))
    if first and last and (last < first or last < clock.today()):
        findings.add(row.number, UNTIL, "不能早于有效期的开始，也不能早于今天")
        return None
    return (first, last) if first and last else None


def _date(row: Row, column: str, findings: Findings) -> date | None:
    value = row.cells.get(column)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = _DATE.fullmatch(row.text(column))
    try:
        return date(*map(int, written.groups())) if written else date.fromisoformat(row.text(column))
    except ValueError:
        findings.add(row.number, column, "请填写日期，例如 2026-03-02")
        return None
