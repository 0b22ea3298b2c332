"""The grid as the workbook that HR knows: names down, days across, shift names in the cells; out and in again."""

import re
from collections.abc import Mapping
from datetime import date

from kit import clock, workbook
from kit.workbook import Findings, Sheet
from models.rosters import Roster
from services import platform
from services.people import AnyActor, PersonView
from services.rosters import access, grids, planning
from services.rosters.planning import Said
from services.rosters.rules import Place
from services.rosters.schemas import ImportRoster

NAME, ACCOUNT = "姓名", "账号"
WEEKDAYS = "一二三四五六日"
MOST_ROWS = 500
_WRITTEN = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?(?!\d)")


def export(actor: AnyActor, roster_id: str) -> tuple[str, bytes]:
    """The name of the file and the file; an audited act."""
    row = access.roster(actor, roster_id)
    members, days, said = grids.texts(row)
    header = [NAME, ACCOUNT, *(head(day) for day in days)]
    rows = ([one.name, one.userid, *(said.get((one.id, day), "") for day in days)] for one in members)
    platform.audit.record(actor, "rosters.roster.export", row.id, after={"people": len(members)})
    widths = [12, 16, *([10] * len(days))]
    return f"排班 {row.first_day} 至 {row.last_day}", workbook.write("排班", header, rows, widths)


def head(day: date) -> str:
    """3月2日 周一."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def load(actor: AnyActor, roster_id: str, wish: ImportRoster) -> int:
    """Takes a grid over, all of it or nothing; how many days it says. An empty cell clears its day.

    `Invalid` lists every cell that is wrong by row and column. Days that are over are passed over.
    """
    row = access.roster(actor, roster_id)
    book = workbook.read(wish.book.content, max_rows=MOST_ROWS)
    findings = Findings(book.name)
    days = _days(book, row, findings)
    found = _rows(book, _members(row), days, findings)
    findings.refuse_any()
    if found:
        planning.put(row, found)
    platform.audit.record(actor, "rosters.roster.import", row.id, after={"days": len(found)})
    return sum(one is not None for one in found.values())


def _members(row: Roster) -> Mapping[str, PersonView]:
    return {one.userid: one for one in access.members(row.department_id)}


def _days(book: Sheet, row: Roster, findings: Findings) -> dict[str, date]:
    """The columns that are days of the roster still to come."""
    for title in (NAME, ACCOUNT):
        if title not in book.header:
            findings.add(0, title, "缺少这一列，请先导出排班表，在它上面改")
    found = {title: day for title in book.header if (day := _day(title, row))}
    if not found:
        findings.add(0, "", f"没有 {row.first_day} 至 {row.last_day} 之间的日期列，表头请写成 3月2日")
    return {title: day for title, day in found.items() if day >= clock.today()}


def _day(title: str, row: Roster) -> date | None:
    written = _WRITTEN.match(title)
    if written is None:
        return None
    year, month, number = written.groups()
    for guess in (int(year),) if year else (row.first_day.year, row.last_day.year):
        try:
            day = date(guess, int(month), int(number))
        except ValueError:
            return None
        if row.first_day <= day <= row.last_day:
            return day
    return None


def _rows(
    book: Sheet, members: Mapping[str, PersonView], days: Mapping[str, date], findings: Findings
) -> dict[Place, Said | None]:
    known, found = planning.names(), dict[Place, Said | None]()
    for line in book.rows:
        person = members.get(line.text(ACCOUNT).lower())
        if person is None:
            findings.add(line.number, ACCOUNT, "这张排班表里没有这个账号")
            continue
        if line.text(NAME) != person.name:
            findings.add(line.number, NAME, f"与通讯录中的“{person.name}”不一致，请核对是否错行")
        for title, day in days.items():
            text = line.text(title)
            if text and text not in known:
                findings.add(line.number, title, f"没有名为“{text}”的班次")
            elif (person.id, day) in found:
                findings.add(line.number, ACCOUNT, "同一人有两行，请只保留一行")
                break
            else:
                found[person.id, day] = Said(person.id, day, known[text]) if text else None
    return found
