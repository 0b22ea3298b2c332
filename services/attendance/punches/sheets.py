"""The files that machines write, as sheets: workbooks as they are, text with separators made into one first.

So whatever is kept is a workbook that passed the checks of `kit.workbook`, and is read in one way.
"""

import csv
import io
from datetime import date, datetime

from kit import workbook
from kit.errors import Invalid, TooLarge
from kit.workbook import MOST_COLUMNS, MOST_ROWS, Row, Sheet
from services.platform import Upload

ZIP = b"PK\x03\x04"
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = "\t;,"
NOT_TEXT = "看不懂这个文件，请上传考勤机导出的 .xlsx 或 .csv"


def as_workbook(upload: Upload) -> Upload:
    """The file as a workbook; `Invalid` or `TooLarge` when it is neither a workbook nor text in columns."""
    if upload.content.startswith(ZIP):
        return upload
    if len(upload.content) > workbook.LARGEST_FILE:
        raise TooLarge("文件超过 8 MB，请分成几份上传")
    rows = _rows(_text(upload.content))
    name = upload.name.rsplit(".", 1)[0]
    return Upload(f"{name}.xlsx", workbook.write("打卡记录", rows[0], rows[1:]))


def read(upload: Upload) -> Sheet:
    """The first sheet, by its header."""
    return workbook.read(upload.content)


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise Invalid(NOT_TEXT)
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(NOT_TEXT)


def _rows(text: str) -> list[list[str]]:
    top = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=top.count)
    if separator not in top:
        raise Invalid(NOT_TEXT)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        raise Invalid(NOT_TEXT) from None
    if len(rows) > MOST_ROWS + 1 or max(map(len, rows)) > MOST_COLUMNS:
        raise TooLarge(f"超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列，请分成几份上传")
    return [[cell.strip()[:500] for cell in row] for row in rows]


def moment(row: Row, columns: dict[str, str]) -> str:
    """When a row was, as text with date and time: one cell, or a day and a clock."""
    if "at" in columns:
        return _said(row, columns["at"])
    return f"{_said(row, columns['day'])[:10]} {_said(row, columns['clock'])[-8:]}"


def _said(row: Row, title: str) -> str:
    cell = row.cells.get(title)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else row.text(title)
