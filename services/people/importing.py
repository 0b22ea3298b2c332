"""HR's workbook: what WeCom does not tell (numbers, dates of service, gender, contact), all rows or none.

An empty cell says nothing and leaves what is known; a second upload of the same file changes nothing. The account is
the key, the name is asked for as well so that a shifted row is noticed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from kit import clock, workbook
from kit.errors import Forbidden
from kit.schema import Identifier, View, Wish
from kit.workbook import Findings, Row, Sheet
from models.base import db
from models.enums import Gender, PersonStatus
from models.people import Person
from services import platform
from services.people import contact, rules
from services.people.actor import Actor, within
from services.people.contact import Contact
from services.people.events import Dated
from services.people.permissions import Permission
from services.platform import Upload

SHEET = "员工信息"
ACCOUNT, NAME, NUMBER, GENDER = "账号", "姓名", "工号", "性别"
MOBILE, EMAIL, HIRED, WORKED = "手机", "邮箱", "入职日期", "首次工作日期"
HEADER = (ACCOUNT, NAME, NUMBER, GENDER, MOBILE, EMAIL, HIRED, WORKED)
WIDTHS = (18, 12, 14, 8, 16, 26, 14, 14)
PURPOSE = "people.import"
DATES = {HIRED, WORKED}

GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
GENDER_NAMES = {gender: name for name, gender in GENDERS.items()}
EARLIEST = date(1950, 1, 1)
_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,32}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOBILE = re.compile(r"1\d{10}")
_EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+){1,8}")


class ImportWish(Wish):
    """The workbook to look at."""

    workbook: Upload


class ApplyWish(Wish):
    """The workbook that was looked at, to be taken over now."""

    file_id: Identifier


class ChangeView(View):
    """One value that would change; contact values are masked."""

    row: int
    name: str
    column: str
    before: str
    after: str


class ImportView(View):
    """What a workbook would change, or has changed."""

    file_id: str
    rows: int
    changes: list[ChangeView]


@dataclass(frozen=True)
class _Known:
    """A person as the workbook meets them."""

    row: Person
    sealed: bytes | None
    contact: Contact

    def value(self, column: str) -> Any:
        """What is known under this column."""
        plain = {NUMBER: "employee_number", GENDER: "gender", HIRED: "hired_on", WORKED: "first_worked_on"}
        if column in plain:
            return getattr(self.row, plain[column])
        return self.contact.mobile if column == MOBILE else self.contact.email


@dataclass(frozen=True)
class _Wanted:
    """A row that was understood: whose it is and the values it tells."""

    row: Row
    known: _Known
    values: dict[str, Any]

    def changed(self) -> dict[str, Any]:
        """The values that differ from what is known."""
        return {column: value for column, value in self.values.items() if self.known.value(column) != value}


def template(actor: Actor) -> bytes:
    """The workbook to fill in, with the active people within reach and what is known, contact left blank; recorded."""
    reach = Person.id.in_(within(actor, Permission.PEOPLE_PERSON_EDIT))
    active = select(Person).where(Person.status == PersonStatus.ACTIVE, reach).order_by(Person.name, Person.id)
    people = db.session.scalars(active).all()
    platform.audit.record(actor, "people.template.export", "people", after={"rows": len(people)})
    rows = (
        (p.userid, p.name, p.employee_number, _shown(GENDER, p.gender), "", "", p.hired_on, p.first_worked_on)
        for p in people
    )
    return workbook.write(SHEET, HEADER, rows, WIDTHS)


def check(actor: Actor, wish: ImportWish) -> ImportView:
    """What the workbook would change; `Invalid` lists every wrong cell by sheet, row and column."""
    wanted = _understood(actor, wish.workbook.content)
    file_id = platform.files.store(actor.person_id, PURPOSE, wish.workbook, platform.files.WORKBOOK)
    return _view(file_id, wanted)


def apply(actor: Actor, wish: ApplyWish) -> ImportView:
    """Takes over a workbook that the same person has looked at, as it reads now: all of it or nothing."""
    if platform.files.owner_of(wish.file_id) != actor.person_id:
        raise Forbidden("请先上传并检查这份工作簿")
    wanted = _understood(actor, platform.files.fetch(wish.file_id, PURPOSE).content)
    done = _view(wish.file_id, wanted)
    dated = tuple(one.known.row.id for one in wanted if DATES & one.changed().keys())
    _store([one for one in wanted if one.changed()])
    if dated:
        platform.publish(Dated(dated))
    facts = {"rows": len(wanted), "changes": len(done.changes)}
    platform.audit.record(actor, "people.person.import", wish.file_id, after=facts)
    return done


def _understood(actor: Actor, content: bytes) -> list[_Wanted]:
    sheet = workbook.read(content)
    findings = Findings(sheet.name)
    missing = [name for name in HEADER[:2] if name not in sheet.header]
    for name in (*missing, *(name for name in sheet.header if name not in HEADER)):
        findings.add(0, name, "缺少这一列，请使用模板" if name in missing else "模板中没有这一列，请删除")
    findings.refuse_any()
    known = _known(actor, sheet)
    wanted = [one for row in sheet.rows if (one := _row(row, known, findings))]
    _check_numbers(wanted, findings)
    findings.refuse_any()
    return wanted


def _known(actor: Actor, sheet: Sheet) -> dict[str, _Known]:
    userids = [userid for row in sheet.rows if (userid := rules.normal_userid(row.text(ACCOUNT)))]
    reach = Person.id.in_(within(actor, Permission.PEOPLE_PERSON_EDIT))
    columns = select(Person, Person.sealed_contact).where(Person.userid.in_(userids), reach)
    return {p.userid: _Known(p, sealed, contact.opened(p.id, sealed)) for p, sealed in db.session.execute(columns)}


def _row(row: Row, known: dict[str, _Known], findings: Findings) -> _Wanted | None:
    account = rules.normal_userid(row.text(ACCOUNT)) or ""
    person = known.pop(account, None)  # the second row of one account finds nobody
    if person is None:
        findings.add(row.number, ACCOUNT, "没有这个账号，或它在上面已经出现过，或不在您的管理范围内")
        return None
    if row.text(NAME) != person.row.name:
        findings.add(row.number, NAME, f"与通讯录中的“{person.row.name}”不一致，请核对是否错行")
    values = {}
    for column, read in READERS.items():
        if row.text(column):
            try:
                values[column] = read(row, column)
            except ValueError as error:
                findings.add(row.number, column, str(error))
    wanted = _Wanted(row, person, values)
    _check_dates(wanted, findings)
    return wanted


def _check_dates(wanted: _Wanted, findings: Findings) -> None:
    hired = wanted.values.get(HIRED) or wanted.known.row.hired_on
    worked = wanted.values.get(WORKED) or wanted.known.row.first_worked_on
    if hired and worked and worked > hired:
        findings.add(wanted.row.number, WORKED, "不能晚于入职日期")


def _check_numbers(wanted: list[_Wanted], findings: Findings) -> None:
    given = {one.known.row.id: one.values[NUMBER] for one in wanted if NUMBER in one.values}
    others = select(Person.employee_number, Person.name).where(
        Person.employee_number.in_(given.values()), Person.id.not_in(given)
    )
    taken = {number: name for number, name in db.session.execute(others)}
    seen: dict[str, int] = {}
    for one in wanted:
        number = one.values.get(NUMBER)
        if number in taken:
            findings.add(one.row.number, NUMBER, f"已是{taken[number]}的工号")
        if number in seen:
            findings.add(one.row.number, NUMBER, f"与第 {seen[number]} 行重复")
        if number:
            seen.setdefault(number, one.row.number)


def _text(form: re.Pattern[str], complaint: str) -> Callable[[Row, str], str]:
    def read(row: Row, column: str) -> str:
        text = row.text(column)
        if not form.fullmatch(text):
            raise ValueError(complaint)
        return text

    return read


def _gender(row: Row, column: str) -> Gender:
    gender = GENDERS.get(row.text(column))
    if gender is None:
        raise ValueError("请填写“男”或“女”")
    return gender


def _date(row: Row, column: str) -> date:
    value = row.cells[column]
    if isinstance(value, datetime):
        day = value.date()
    else:
        day = value if isinstance(value, date) else _written_date(row.text(column))
    if not EARLIEST <= day <= clock.today() + timedelta(days=366):
        raise ValueError("日期不合理，请核对年份")
    return day


def _written_date(text: str) -> date:
    written = _DATE.fullmatch(text)
    try:
        return date(*map(int, written.groups())) if written else date.fromisoformat(text)
    except ValueError:
        raise ValueError("请填写日期，例如 2026-03-02") from None


READERS: dict[str, Callable[[Row, str], Any]] = {
    NUMBER: _text(_NUMBER, "工号只能是 1 到 32 个字母、数字、- 或 _"),
    GENDER: _gender,
    MOBILE: _text(_MOBILE, "请填写 11 位手机号"),
    EMAIL: _text(_EMAIL, "不是有效的邮箱地址"),
    HIRED: _date,
    WORKED: _date,
}


def _view(file_id: str, wanted: list[_Wanted]) -> ImportView:
    changes = [_change(one, column, value) for one in wanted for column, value in one.changed().items()]
    return ImportView(file_id=file_id, rows=len(wanted), changes=changes)


def _change(one: _Wanted, column: str, value: Any) -> ChangeView:
    before, after = _shown(column, one.known.value(column)), _shown(column, value)
    return ChangeView(row=one.row.number, name=one.known.row.name, column=column, before=before, after=after)


def _shown(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column in (MOBILE, EMAIL):
        masked = Contact(mobile=value if column == MOBILE else None, email=value if column == EMAIL else None).masked()
        return masked.mobile or masked.email or ""
    return GENDER_NAMES[Gender(value)] if column == GENDER else str(value)


def _store(wanted: Iterable[_Wanted]) -> None:
    rows = [_columns(one) for one in wanted]
    if not rows:
        return
    # two people may swap numbers: nobody keeps an old one while the new ones arrive
    db.session.execute(update(Person), [{"id": row["id"], "employee_number": None} for row in rows])
    db.session.execute(update(Person), rows)
    db.session.expire_all()


def _columns(one: _Wanted) -> dict[str, Any]:
    person, changed = one.known.row, one.changed()
    merged = contact.merged(one.known.contact, changed.get(MOBILE), changed.get(EMAIL))
    is_same = merged == one.known.contact
    return {
        "id": person.id,
        "employee_number": changed.get(NUMBER, person.employee_number),
        "gender": changed.get(GENDER, person.gender),
        "hired_on": changed.get(HIRED, person.hired_on),
        "first_worked_on": changed.get(WORKED, person.first_worked_on),
        "sealed_contact": one.known.sealed if is_same else contact.sealed(person.id, merged),
    }
