"""Workbooks: `.xlsx` in, checked before it is parsed; `.xlsx` and CSV out, with text cells only.

What arrives is hostile until shown otherwise. An archive is measured and unpacked here, and only parts that were
checked are packed again for the parser, which would otherwise allocate whatever a tiny file claims to hold.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import python_calamine as calamine
from defusedxml import DefusedXmlException, ElementTree

from kit import clock
from kit.errors import Invalid, TooLarge
from kit.text import clip, plain

Cell = str | Decimal | bool | date | datetime | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 8 * 1024 * 1024
LARGEST_UNPACKED = 48 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 20_000, 200
MOST_CELLS = MOST_ROWS * MOST_COLUMNS
MOST_FINDINGS = 50
EXACT_BELOW = Decimal(10) ** 15  # Excel keeps 15 significant digits

NOT_A_WORKBOOK = "这不是有效的 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再上传"
TOO_BIG_INSIDE = "工作簿内容过大，请删除多余的工作表、图片和空白行列后再上传"

_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d*)["']""")
_HUGE_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\d{8,}""")
_CELL, _CELL_END = re.compile(rb"<(?:\w{1,20}:)?c[\s>/]"), re.compile(rb"</(?:\w{1,20}:)?c\s*>")
_NAMED = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+\d+)["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA, _VALUE = re.compile(rb"<(?:\w{1,20}:)?f[\s>/]"), re.compile(rb"<(?:\w{1,20}:)?v>[^<]")
_RISKY_PREFIX = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


@dataclass(frozen=True)
class Row:
    """A row of data: `number` as Excel counts, cells by header; numbers are exact decimals as Excel shows them."""

    number: int
    cells: dict[str, Cell]

    def text(self, header: str) -> str:
        """The cell as one line of plain text; a whole number loses its decimal point, an empty cell is ""."""
        value = self.cells.get(header)
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return format(value.quantize(Decimal(1)) if value == value.to_integral_value() else value, "f")
        if isinstance(value, bool):
            return "是" if value else "否"
        return value if isinstance(value, str) else value.isoformat()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its header (texts, unique) and its rows that are not empty."""

    name: str
    header: tuple[str, ...]
    rows: list[Row]


@dataclass
class Findings:
    """What is wrong in a sheet, collected so that people mend everything at once; bounded."""

    sheet: str
    count: int = 0
    _kept: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong and where, from the top of the sheet down."""
        return [error for _, error in sorted(self._kept, key=lambda kept: kept[0])]

    def add(self, row: int, column: str, message: str) -> None:
        """Something is wrong in this row (0: in the sheet as a whole) and column."""
        self.count += 1
        if len(self._kept) < MOST_FINDINGS:
            place = f"第 {row} 行" if row else ""
            where = " ".join(part for part in (f"工作表“{self.sheet}”", place, f"“{column}”" if column else "") if part)
            self._kept.append((row, {"field": where, "message": message}))

    def refuse_any(self) -> None:
        """`Invalid` with every finding, unless there is none."""
        if self.count:
            first = self.errors[0]
            more = f"，共 {self.count} 处，请全部改正后重新上传" if self.count > 1 else ""
            raise Invalid(f"{first['field']}：{first['message']}{more}", errors=self.errors, count=self.count)


def read(content: bytes, *, sheet: str | None = None, max_rows: int = MOST_ROWS) -> Sheet:
    """The sheet called `sheet`, or the first visible one; the first row that is not empty is its header.

    `Invalid` or `TooLarge` for whatever is no sound workbook, with too many rows, an unnamed or doubled column, an
    error value (#N/A) or a formula that was never calculated.
    """
    parts = _checked_parts(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(_packed(parts))
        name = _choose(book, sheet)
        grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=max_rows + 100)
    except calamine.CalamineError:
        raise Invalid(NOT_A_WORKBOOK) from None
    findings = Findings(name)
    _find_lost_values(_part_of(parts, name), findings)
    found = _shape(name, grid, findings)
    findings.refuse_any()
    if len(found.rows) > max_rows:
        raise TooLarge(f"工作表“{name}”超过 {max_rows} 行，请分成几份上传")
    return found


def _checked_parts(content: bytes) -> dict[str, bytes]:
    if len(content) > LARGEST_FILE:
        raise TooLarge(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几份上传")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise TooLarge(TOO_BIG_INSIDE)
            # reading stops at the size declared and checks the sum: a lie about the size ends here
            parts = {info.filename: archive.read(info) for info in infos if info.filename.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Invalid(NOT_A_WORKBOOK) from None
    if "xl/workbook.xml" not in parts:
        raise Invalid(NOT_A_WORKBOOK)
    for data in parts.values():
        _check_part(data)
    return parts


def _check_part(data: bytes) -> None:
    """Refuses what makes the parser allocate by claim: far-away cells and absurd counts."""
    if b"\0" in data or b"<!DOCTYPE" in data:
        raise Invalid(NOT_A_WORKBOOK)
    if _HUGE_COUNT.search(data):
        raise TooLarge(TOO_BIG_INSIDE)
    places = [(letters, digits) for letters, digits in _PLACE.findall(data) if letters]
    if len(places) < len(_CELL.findall(data)):  # a cell without its place
        raise Invalid(NOT_A_WORKBOOK)
    height = max((int(digits[:8] or 0) for _, digits in places), default=0)
    width = max((_column_number(letters) for letters, _ in places), default=0)
    if height * width > MOST_CELLS:
        raise TooLarge(TOO_BIG_INSIDE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:5]:
        number = number * 26 + letter - 64
    return number


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def _choose(book: calamine.CalamineWorkbook, wanted: str | None) -> str:
    visible = [meta.name for meta in book.sheets_metadata if meta.visible == calamine.SheetVisibleEnum.Visible]
    if wanted is not None and wanted not in visible:
        raise Invalid(f"工作簿里没有工作表“{wanted}”，请使用模板")
    if not visible:
        raise Invalid(NOT_A_WORKBOOK)
    return wanted or visible[0]


def _part_of(parts: dict[str, bytes], sheet: str) -> bytes:
    """The XML of the sheet with this name."""
    try:
        sheets = ElementTree.fromstring(parts["xl/workbook.xml"]).iterfind(".//{*}sheet")
        attributes = next(element.attrib for element in sheets if element.attrib.get("name") == sheet)
        relation = next(value for key, value in attributes.items() if key.endswith("}id"))
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"]).iterfind("{*}Relationship")
        target = next(link.attrib["Target"] for link in links if link.attrib.get("Id") == relation)
        return parts[target.removeprefix("/") if target.startswith("/") else f"xl/{target}"]
    except (DefusedXmlException, ElementTree.ParseError, KeyError, StopIteration):
        raise Invalid(NOT_A_WORKBOOK) from None


def _find_lost_values(part: bytes, findings: Findings) -> None:
    """The parser gives error values and uncalculated formulas as empty cells; here they are named instead."""
    if not (_ERROR.search(part) or _FORMULA.search(part)):
        return
    for piece in _CELL_END.split(part):
        begins = [match.start() for match in _CELL.finditer(piece)]
        tag, _, inside = piece[begins[-1] :].partition(b">") if begins else (b"", b"", b"")
        if _ERROR.search(tag):
            findings.add(0, _name_of(tag), "单元格是错误值（如 #N/A），请改正")
        elif _FORMULA.search(inside) and not _VALUE.search(inside):
            findings.add(0, _name_of(tag), "公式没有计算结果，请在 Excel 中打开并保存后再上传")


def _name_of(tag: bytes) -> str:
    named = _NAMED.search(tag)
    return named[1].decode() if named else "单元格"


def _shape(name: str, grid: Sequence[Sequence[object]], findings: Findings) -> Sheet:
    rows = [(number, [_cell(value) for value in row]) for number, row in enumerate(grid, 1)]
    filled = [(number, row) for number, row in rows if any(value is not None for value in row)]
    if not filled:
        raise Invalid(f"工作表“{name}”是空的，请使用模板填写")
    (_, top), *data = filled
    header = _header(top, data, findings)
    return Sheet(name, tuple(h for h in header if h), [_row(number, header, row, findings) for number, row in data])


def _header(top: list[Cell], data: list[tuple[int, list[Cell]]], findings: Findings) -> list[str]:
    if len(top) > MOST_COLUMNS:
        raise TooLarge(f"列数超过 {MOST_COLUMNS}，请删除多余的列")
    header = ["" if value is None else Row(0, {"": value}).text("").replace("\n", "") for value in top]
    for index, title in enumerate(header):
        if title and title in header[:index]:
            findings.add(0, clip(title, 40), "表头重复，请只保留一列")
        if not title and any(row[index] is not None for _, row in data):
            findings.add(0, f"{column_letters(index)} 列", "有内容但没有表头，请补上表头或清空该列")
    return header


def _row(number: int, header: list[str], row: list[Cell], findings: Findings) -> Row:
    cells = {title: value for title, value in zip(header, row, strict=True) if title}
    for title, value in cells.items():
        if isinstance(value, Decimal) and (not value.is_finite() or abs(value) >= EXACT_BELOW):
            findings.add(number, title, "数字超过 15 位，Excel 已丢失精度，请把单元格设为文本后重新填写")
    return Row(number, cells)


def _cell(value: object) -> Cell:
    if isinstance(value, bool | date):
        return value
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}")  # as Excel shows it: 0.1+0.2 is 0.3
    text = plain(str(value))
    return text or None


def column_letters(index: int) -> str:
    """The letters of the column at `index` (0 is A)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Written:
    """A sheet to be written: its name, its header, its rows, and how wide its columns are, unless that follows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] | None = None


def write(
    title: str, header: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int] | None = None
) -> bytes:
    """An `.xlsx` with one sheet; every cell is text, so nothing in it can become a formula or a link."""
    return write_sheets([Written(title, header, rows, widths)])


def write_sheets(sheets: Iterable[Written]) -> bytes:
    """An `.xlsx` with these sheets, every cell text; sheets of one name are numbered."""
    import xlsxwriter  # half a second of start that only who exports pays

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": clock.now().replace(tzinfo=None)})
    formats = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    taken: set[str] = set()
    for written in sheets:
        name = _free_name(written.title, taken)
        taken.add(name.lower())
        _fill(book.add_worksheet(name), written, *formats)
    book.close()
    return target.getvalue()


def _free_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts and no other sheet has, whatever the case of its letters."""
    plain_title = re.sub(r"[\[\]:*?/\\']", " ", title)
    tried = (plain_title[: 31 - len(suffix)] + suffix for suffix in ("", *(f" {n}" for n in range(2, 1000))))
    return next(name for name in tried if name.lower() not in taken)


def _fill(sheet: Any, written: Written, strong: Any, text: Any) -> None:
    for column, name in enumerate(written.header):
        width = written.widths[column] if written.widths else max(12, len(name) * 2 + 2)
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, name, strong)
    for number, row in enumerate(written.rows, 1):
        for column, value in enumerate(row):
            if value not in (None, ""):
                sheet.write_string(number, column, str(value), text)
    sheet.freeze_panes(1, 0)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV that Excel opens as UTF-8; cells that a spreadsheet would calculate are made plain with an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([_inert(name) for name in header])
    writer.writerows([_inert("" if value is None else str(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY_PREFIX) and not _NUMBER.match(text) else text
