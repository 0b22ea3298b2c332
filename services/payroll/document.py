"""The payslip as a PDF to keep: the same lines and sums as on the page, the viewer's name and the time across it."""

from models.enums import ItemKind
from services.payroll.schemas import PayslipView
from services.payroll.sheet import KIND_TITLES


def pdf(payslip: PayslipView, font_path: str = "") -> bytes:
    """A file of one page or more; `MissingGlyph` for a character that no font has."""
    from kit.pdf import Document  # fonts and drawing cost a second of start and 30 MiB: only who draws pays for them

    month = f"{payslip.month.year}年{payslip.month.month}月"
    document = Document(f"{month}{payslip.title}条", payslip.watermark, font_path)
    version = f" · 第 {payslip.version} 版（已更正）" if payslip.is_corrected else ""
    document.heading(f"{month} {payslip.title}条", f"{payslip.person_name}{version}")
    totals = payslip.totals
    sums = {
        ItemKind.EARNING: ("应发合计", totals.earnings),
        ItemKind.DEDUCTION: ("扣款合计", totals.deductions),
        ItemKind.EMPLOYER_COST: ("公司承担合计（不计入实发）", totals.employer_cost),
    }
    for kind, (name, subtotal) in sums.items():
        lines = [(line.name, line.amount.grouped) for line in payslip.of_kind(kind)]
        if lines:
            document.rows(KIND_TITLES[kind], lines, (name, subtotal.grouped))
    document.rows("实发", [], ("实发合计", totals.net.grouped))
    document.bar([part.permille for part in payslip.makeup.spent])
    document.note(payslip.makeup.text)
    if payslip.notes:
        document.rows("说明", [(note.name, note.text) for note in payslip.notes])
    document.note(f"金额单位：元。由 {payslip.watermark} 下载，仅供本人使用。")
    return document.content()
