"""Workbooks that people send and take away: sound ones read exactly, hostile ones end in a sentence."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter

from kit import workbook
from kit.errors import AppError, Invalid, TooLarge

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def excel(fill: Callable[[xlsxwriter.worksheet.Worksheet], object], name: str = "三月") -> bytes:
    """A workbook as Excel would save it: numbers are numbers."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(book.add_worksheet(name))
    book.close()
    return target.getvalue()


def with_part(part: str, data: str | bytes) -> bytes:
    """A sound workbook with one part exchanged."""
    target = io.BytesIO()
    sound = zipfile.ZipFile(io.BytesIO(workbook.write("S", ["工号"], [["1"]])))
    with sound, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as forged:
        for info in sound.infolist():
            forged.writestr(info.filename, data if info.filename == part else sound.read(info))
    return target.getvalue()


def with_cells(cells: str) -> bytes:
    return with_part(SHEET, f'<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>')


def test_what_is_written_is_read_back_with_row_numbers():
    content = workbook.write("工资条", ["工号", "姓名", "备注"], [["001", "李华", ""], ["002", "𠮷田", "=1+1"]])

    sheet = workbook.read(content)

    assert (sheet.name, sheet.header) == ("工资条", ("工号", "姓名", "备注"))
    assert [(row.number, row.text("工号"), row.text("姓名"), row.text("备注")) for row in sheet.rows] == [
        (2, "001", "李华", ""),
        (3, "002", "𠮷田", "=1+1"),
    ]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [(1234.5, "1234.5"), (0.1 + 0.2, "0.3"), (1e14, "100000000000000"), (10023.0, "10023"), (-0.01, "-0.01")],
)
def test_numbers_are_exact_decimals_as_excel_shows_them(stored, shown):
    row = workbook.read(excel(lambda s: (s.write(0, 0, "金额"), s.write_number(1, 0, stored)))).rows[0]

    assert row.cells["金额"] == Decimal(shown)
    assert row.text("金额") == shown


def test_rows_without_content_are_passed_over_and_keep_the_count():
    sheet = workbook.read(excel(lambda s: (s.write(1, 0, "工号"), s.write(5, 0, "A7"), s.write(6, 3, ""))))

    assert [(row.number, row.cells) for row in sheet.rows] == [(6, {"工号": "A7"})]


def test_a_number_too_long_for_excel_is_refused_rather_than_rounded():
    content = excel(lambda s: (s.write(0, 0, "银行卡"), s.write_number(1, 0, 6222021234567890123)))

    with pytest.raises(Invalid, match="第 2 行 “银行卡”：数字超过 15 位"):
        workbook.read(content)


def test_an_error_value_is_named_not_read_as_empty():
    content = with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')

    with pytest.raises(Invalid, match="“B1”：单元格是错误值"):
        workbook.read(content)


def test_a_formula_without_a_result_is_named_and_one_with_a_result_is_read():
    lost = with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1+1</f></c></row>')
    known = excel(lambda s: (s.write(0, 0, "合计"), s.write_formula(1, 0, "=1+1", value=2)))

    with pytest.raises(Invalid, match="“B1”：公式没有计算结果"):
        workbook.read(lost)
    assert workbook.read(known).rows[0].text("合计") == "2"


def test_doubled_and_missing_headers_are_refused():
    content = excel(lambda s: (s.write_row(0, 0, ["工号", "奖金", "奖金"]), s.write_row(1, 0, ["1", 2, 3, 4])))

    with pytest.raises(Invalid) as refused:
        workbook.read(content)

    assert [error["message"] for error in refused.value.detail["errors"]] == [
        "表头重复，请只保留一列",
        "有内容但没有表头，请补上表头或清空该列",
    ]


def test_too_many_rows_are_refused():
    content = workbook.write("S", ["工号"], [["1"]] * 11)

    with pytest.raises(TooLarge, match="超过 10 行"):
        workbook.read(content, max_rows=10)


def test_findings_are_all_counted_and_the_first_fifty_listed():
    findings = workbook.Findings("三月")
    for row in range(2, 102):
        findings.add(row, "实发合计", "不相等")

    with pytest.raises(Invalid, match="共 100 处") as refused:
        findings.refuse_any()

    assert len(refused.value.detail["errors"]) == workbook.MOST_FINDINGS


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HOSTILE = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "half an archive": workbook.write("S", ["工号"], [["1"]])[:-200],
    "a flipped byte": workbook.write("S", ["工号"], [["1"]]).replace(b"PK\x03\x04\x14", b"PK\x03\x04\x99", 1)[:900],
    "an archive of something else": with_part("xl/workbook.xml", "<nothing/>"),
    "a zip bomb": with_part(SHEET, b" " * (workbook.LARGEST_UNPACKED + 1)),
    "a cell far away": with_cells(FAR),
    "cells without a place": with_cells("<row>" + "<c><v>1</v></c>" * 10 + "</row>"),
    "a number of columns with four letters": with_cells('<row r="1"><c r="ZZZZ9"><v>1</v></c></row>'),
    "an absurd count": with_part("xl/sharedStrings.xml", f'<sst xmlns="{NAMESPACE}" uniqueCount="99999999999"/>'),
    "an entity bomb": with_part("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "another encoding": with_part(SHEET, "<worksheet/>".encode("utf-16")),
    "comments that never end a cell": with_cells("<!--" + "<c r='A1'><f>" * 200_000 + "-->"),
    "an empty sheet": with_cells(""),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_end_in_a_sentence(content):
    with pytest.raises(AppError) as refused:
        workbook.read(content)

    assert refused.value.status in (413, 422)


def test_an_encrypted_workbook_is_refused():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000

    with pytest.raises(Invalid, match="另存为"):
        workbook.read(ole)


def test_everything_written_is_text_never_a_formula():
    content = workbook.write("导出", ["姓名"], [['=HYPERLINK("http://x")'], ["+1"], ["http://x"], ["@SUM(A1)"]])

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet
    assert workbook.read(content).rows[0].text("姓名").startswith("=HYPERLINK")


def test_csv_opens_as_utf8_and_calculates_nothing():
    content = workbook.write_csv(["姓名", "金额"], [["=cmd|' /C calc'!A0", "-12.50"], ["@x", None]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == ["姓名,金额", "'=cmd|' /C calc'!A0,-12.50", "'@x,"]


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_excel_does(index, letters):
    assert workbook.column_letters(index) == letters
