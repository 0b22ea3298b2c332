"""Rules of pay: sums to the fen for any payslip, amounts exactly as written, columns that nobody can misread."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Conflict, Forbidden, Invalid
from kit.money import ZERO, Money, total
from kit.workbook import Findings, Row, Sheet
from models.enums import BatchState, ItemKind
from services.payroll import access, rules, sheet
from services.payroll.rules import Line, Slip

fens = st.integers(-(10**11) + 1, 10**11 - 1)
names = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3)
kinds = st.sampled_from([ItemKind.EARNING, ItemKind.DEDUCTION, ItemKind.EMPLOYER_COST])


@st.composite
def slips(draw):
    """A payslip that reconciles, with distinct items."""
    items = draw(st.dictionaries(st.tuples(kinds, names), fens, max_size=8))
    lines = tuple(Line(kind, name, Money(fen)) for (kind, name), fen in items.items())
    gap = Slip(lines, ZERO).gap
    return Slip(lines, gap, draw(st.sampled_from([(), (("备注", "三月"),)])))


@given(slips())
def test_lines_subtotals_and_net_reconcile_to_the_fen(slip):
    by_line = sum(line.amount.fen * {"earning": 1, "deduction": -1}.get(line.kind, 0) for line in slip.lines)

    assert slip.gap == ZERO
    assert by_line == slip.net.fen
    assert slip.net == slip.subtotal(ItemKind.EARNING) - slip.subtotal(ItemKind.DEDUCTION)


@given(slips())
def test_figures_survive_being_written_and_read(slip):
    assert access._read(access.written(slip)) == slip


@given(st.lists(slips(), max_size=5))
def test_a_batch_is_the_sum_of_its_payslips_in_any_order(several):
    combined, reversed_ = rules.combined(several), rules.combined(reversed(several))

    assert combined.net == total([slip.net for slip in several]) == reversed_.net
    assert combined.gap == ZERO
    assert set(combined.lines) == set(reversed_.lines)


def test_sums_beyond_the_range_of_money_are_refused():
    most = Slip((Line(ItemKind.EARNING, "奖金", Money(10**15)),), Money(10**15))

    with pytest.raises(Invalid, match="超出"):
        rules.combined([most, most])


@given(slips(), slips())
def test_what_changed_explains_the_difference_of_the_nets(before, after):
    signs = {ItemKind.EARNING: 1, ItemKind.DEDUCTION: -1}
    explained = sum(change.delta.fen * signs.get(change.kind, 0) for change in rules.changes(after, before))

    assert explained == (after.net - before.net).fen
    assert rules.changes(after, after) == []


@given(st.lists(fens.map(Money), max_size=12))
def test_shares_fill_the_bar_exactly_and_nothing_negative_has_width(amounts):
    widths = rules.shares(amounts)

    assert sum(widths) == (rules.WHOLE if any(a.fen > 0 for a in amounts) else 0)
    assert all(width == 0 for width, amount in zip(widths, amounts, strict=True) if amount.fen <= 0)
    assert all(width >= 0 for width in widths)


@given(slips())
def test_the_picture_shows_the_amounts_of_the_table(slip):
    picture = rules.makeup(slip)

    assert total([part.amount for part in picture.earned]) == slip.subtotal(ItemKind.EARNING)
    assert total([part.amount for part in picture.spent]) == slip.subtotal(ItemKind.EARNING)


@given(fens)
def test_an_amount_reads_back_as_it_is_written(fen):
    money = Money(fen)

    assert rules.amount(str(money)) == rules.amount(Decimal(str(money))) == money


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        ("", None),
        (Decimal("1234.5"), "1234.50"),
        ("1,234.50", "1234.50"),
        ("-0.01", "-0.01"),
        ("+5", "5.00"),
    ],
)
def test_amounts_are_read_from_numbers_and_text(cell, expected):
    found = rules.amount(cell)

    assert (str(found) if found is not None else None) == expected


@pytest.mark.parametrize(
    "cell", ["一千", "1.234", Decimal("0.005"), "12,34.00", "1e3", "１２", "¥5", True, "1" * 20, "nan"]
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(rules.NotAnAmount):
        rules.amount(cell)


def test_release_needs_a_draft_and_another_person():
    rules.check_releasable(BatchState.DRAFT, "preparer", "releaser")
    with pytest.raises(Forbidden):
        rules.check_releasable(BatchState.DRAFT, "preparer", "preparer")
    for state in set(BatchState) - {BatchState.DRAFT}:
        with pytest.raises(Conflict):
            rules.check_releasable(state, "preparer", "releaser")


@pytest.mark.parametrize("state", list(BatchState))
def test_only_drafts_are_discarded_and_only_released_ones_recalled(state):
    for check, fine in (
        (rules.check_discardable, {BatchState.DRAFT}),
        (rules.check_recallable, {BatchState.RELEASED, BatchState.PUBLISHING, BatchState.PUBLISHED}),
    ):
        if state in fine:
            check(state)
        else:
            with pytest.raises(Conflict):
                check(state)


# ── the layout of the workbook ──

GOOD = ("工号", "姓名", "应发：基本工资", "扣款:个税", "说明：备注", "实发合计")


def read(header, *rows):
    """The rows given, and what was found wrong with them."""
    findings = Findings("三月")
    cells = [Row(number, dict(zip(header, row, strict=True))) for number, row in enumerate(rows, 2)]
    return sheet.given(Sheet("三月", tuple(header), cells), findings), findings


def test_a_row_becomes_a_payslip():
    (one,), findings = read(GOOD, ("007", "李华", Decimal("9000.5"), "100.50", "十四薪另发", Decimal("8900")))

    assert findings.count == 0
    assert (one.number, one.name, one.row) == ("007", "李华", 2)
    assert one.slip == Slip(
        (Line(ItemKind.EARNING, "基本工资", Money(900050)), Line(ItemKind.DEDUCTION, "个税", Money(10050))),
        Money(890000),
        (("备注", "十四薪另发"),),
    )


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        (("1", "李华", "9000", "100", "", "8900.01"), "实发合计", "不等于应发各项之和"),
        (("1", "李华", "九千", "100", "", "8900"), "应发：基本工资", "应为小于十亿的金额"),
        (("1", "李华", "9000.001", "100", "", "8900"), "应发：基本工资", "最多两位小数"),
        (("1", "李华", "9000", "100", "", None), "实发合计", "没有填写"),
        (("1", "李华", "9000", "100", "长" * 201, "8900"), "说明：备注", "最多 200 个字"),
    ],
)
def test_a_wrong_row_names_sheet_row_and_column(cells, column, sentence):
    found, findings = read(GOOD, cells)

    assert found == []
    with pytest.raises(Invalid) as refused:
        findings.refuse_any()
    (error,) = refused.value.detail["errors"]
    assert error["field"] == f"工作表“三月” 第 2 行 “{column}”"
    assert sentence in error["message"]


def test_claimed_subtotals_must_agree():
    header = ("工号", "姓名", "应发：基本工资", "应发合计", "实发合计")
    _, findings = read(header, ("1", "李华", "9000", "9001", "9000"))

    assert [error["message"] for error in findings.errors] == ["与各项之和不一致"]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (("姓名", "应发：基本工资", "实发合计"), "至少要有一列"),
        (("工号", "应发：基本工资", "实发合计"), "缺少这一列"),
        (("工号", "姓名", "应发：基本工资"), "缺少这一列"),
        (("工号", "姓名", "基本工资", "实发合计"), "不认识的列"),
        (("工号", "姓名", "应发：", "实发合计"), "不认识的列"),
        (("工号", "姓名", "应发：奖金", "应发:奖金", "实发合计"), "项目重复"),
        (("工号", "姓名", "应发：" + "长" * 41, "实发合计"), "最多 40 个字"),
    ],
)
def test_a_header_nobody_can_be_sure_of_is_refused(header, sentence):
    _, findings = read(header, ["1"] * len(header))

    assert any(sentence in error["message"] for error in findings.errors)


def test_an_empty_sheet_is_refused():
    _, findings = read(GOOD)

    assert "没有数据行" in findings.errors[0]["message"]
