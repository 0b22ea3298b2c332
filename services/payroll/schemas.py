"""What payroll takes in and gives out. Amounts travel as text ("1234.56"); lists carry none at all."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from kit.pages import Page, PageQuery
from kit.schema import Amount, CompanyTime, Line, Paragraph, View, Wish
from models.enums import BatchState, DisputeState, ItemKind, ViewPurpose
from services.payroll.sheet import label
from services.platform import Upload

MONTH_PATTERN = r"^20\d{2}-(0[1-9]|1[0-2])$"
Format = Literal["xlsx", "csv"]
Month = Annotated[str, Field(pattern=MONTH_PATTERN, description="如 2026-03")]
Title = Annotated[Line, Field(min_length=1, max_length=40)]
PayrollPurpose = Literal[ViewPurpose.ANSWER, ViewPurpose.CORRECT, ViewPurpose.REVIEW]

BATCH_TITLES = {
    BatchState.DRAFT: "草稿",
    BatchState.RELEASED: "待发布",
    BatchState.PUBLISHING: "发布中",
    BatchState.PUBLISHED: "已发布",
    BatchState.RECALLED: "已撤回",
}
DISPUTE_TITLES = {DisputeState.OPEN: "待答复", DisputeState.ANSWERED: "已答复", DisputeState.CLOSED: "已结束"}
PURPOSE_TITLES = {
    ViewPurpose.OWN: "本人查看",
    ViewPurpose.ANSWER: "答复员工疑问",
    ViewPurpose.CORRECT: "核对与更正",
    ViewPurpose.REVIEW: "发布前复核",
}


# ── in ──


class Prepare(Wish):
    """A workbook of payslips for a month. A correction replaces the payslips of the people in it."""

    month: Month
    title: Title = "工资"
    is_correction: bool = False
    file: Upload


class Release(Wish):
    """The releaser names what they checked: how many people, what net total; `publish_at` empty is now."""

    people: int = Field(ge=1)
    net: Amount
    publish_at: CompanyTime | None = None


class BatchesQuery(PageQuery):
    """All batches."""

    q: str | None = Field(None, max_length=40, description="名称")
    month: Month | None = None
    state: BatchState | None = None
    sort: Literal["month", "-month", "created_at", "-created_at"] = "-month"
    format: Format | None = None


class ReceiptsQuery(PageQuery):
    """Who got a batch's payslips, and how far."""

    q: str | None = Field(None, max_length=64, description="姓名、工号或账号")
    only: Literal["unopened", "opened", "unconfirmed", "confirmed"] | None = None
    format: Format | None = None


class FiguresQuery(PageQuery):
    """A batch's figures: nobody reads them without saying why."""

    purpose: PayrollPurpose
    only: Literal["changed"] | None = None
    format: Literal["xlsx"] | None = None


class Inspect(BaseModel):
    """One payslip of somebody else, and why."""

    model_config = ConfigDict(extra="forbid")
    purpose: PayrollPurpose


class HistoryQuery(PageQuery):
    """My payslips, newest month first."""

    year: int | None = Field(None, ge=2000, le=2099)


class Ask(Wish):
    """A question about an item (by its kind and name: 扣款：养老保险) or, without one, about the whole payslip."""

    item: Annotated[Line, Field(max_length=50)] = ""
    text: Annotated[Paragraph, Field(min_length=1)]


class Reply(Wish):
    text: Annotated[Paragraph, Field(min_length=1)]


class DisputesQuery(PageQuery):
    """Questions about payslips, newest first unless sorted otherwise."""

    state: DisputeState | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
    format: Format | None = None


# ── out ──


class BatchLine(View):
    """A batch in the list; no amounts."""

    id: str
    month: date
    title: str
    state: BatchState
    version: int | None
    is_correction: bool
    people: int
    published: int
    prepared_by: str
    created_at: datetime

    @property
    def state_title(self) -> str:
        return BATCH_TITLES[self.state]


class BatchView(BatchLine):
    """A batch with its progress; the names of those who prepared, released and recalled it."""

    prepared_by_name: str
    released_by_name: str | None
    recalled_by_name: str | None
    released_at: datetime | None
    publish_at: datetime | None
    published_at: datetime | None
    recalled_at: datetime | None
    opened: int
    confirmed: int


class Receipt(View):
    """How far one payslip got; no amounts."""

    payslip_id: str
    person_id: str
    name: str
    employee_number: str | None
    department_name: str
    published_at: datetime | None
    opened_at: datetime | None
    confirmed_at: datetime | None
    replaced_at: datetime | None

    @property
    def state_title(self) -> str:
        steps = ((self.replaced_at, "已更正"), (self.confirmed_at, "已确认"), (self.opened_at, "已查看"))
        return next((title for at, title in steps if at), "未查看" if self.published_at else "未发布")


class Receipts(View):
    batch: BatchLine
    page: Page[Receipt]


class ItemView(View):
    """An item of a payslip; two of different kinds may have one name."""

    kind: ItemKind
    name: str

    @property
    def label(self) -> str:
        return label(self.kind, self.name)


class ChangeView(ItemView):
    """An item that differs; an amount is missing where there was or is no such item."""

    before: Amount | None
    after: Amount | None
    delta: Amount


class Subtotals(View):
    earnings: Amount
    deductions: Amount
    employer_cost: Amount
    net: Amount


class FigureRow(View):
    """One person's net against the baseline, and the items that differ."""

    payslip_id: str
    person_id: str
    name: str
    employee_number: str | None
    net: Amount
    net_before: Amount | None
    delta: Amount
    changes: list[ChangeView]


class Overview(View):
    """The batch as a whole against the baseline; `joined` and `gone` count people."""

    totals: Subtotals
    totals_before: Subtotals | None
    changes: list[ChangeView]
    joined: int
    gone: int
    negative: int


class Figures(View):
    """What the second person checks. `overview` comes with the first page; the baseline is last month, for a
    correction what it replaces."""

    batch: BatchLine
    purpose: ViewPurpose
    baseline: Literal["last_month", "replaced"]
    overview: Overview | None
    page: Page[FigureRow]


class PayslipLine(View):
    """A payslip in the history; no amounts. A recalled one cannot be opened until it is corrected."""

    id: str
    month: date
    title: str
    version: int
    published_at: datetime
    opened_at: datetime | None
    confirmed_at: datetime | None
    is_recalled: bool

    @property
    def is_corrected(self) -> bool:
        return self.version > 1


class LineView(ItemView):
    amount: Amount


class NoteView(View):
    name: str
    text: str

    @property
    def label(self) -> str:
        return label(ItemKind.INFORMATION, self.name)


class PartView(View):
    """A piece of a bar, in thousandths of its length; `kind` is missing for the net pay."""

    kind: ItemKind | None
    name: str
    amount: Amount
    permille: int


class MakeupView(View):
    """Two bars of equal length: what was earned, and what became of it."""

    earned: list[PartView]
    spent: list[PartView]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The picture in words."""
        shown = [part for part in self.spent if part.permille]
        return (
            "，".join(f"{part.name}占应发的 {part.permille // 10}.{part.permille % 10}%" for part in shown)
            or "没有应发金额"
        )


class PayslipView(View):
    """A payslip, opened. `corrections` is what changed against the version before; `watermark` names the viewer."""

    id: str
    person_id: str
    person_name: str
    month: date
    title: str
    version: int
    published_at: datetime | None
    confirmed_at: datetime | None
    lines: list[LineView]
    notes: list[NoteView]
    totals: Subtotals
    makeup: MakeupView
    corrections: list[ChangeView]
    is_current: bool
    watermark: str

    def of_kind(self, kind: str) -> list[LineView]:
        return [line for line in self.lines if line.kind == kind]

    @property
    def is_corrected(self) -> bool:
        return self.version > 1


class ViewedBy(View):
    """Somebody looked at my payslip."""

    name: str
    at: datetime
    purpose: ViewPurpose

    @computed_field  # type: ignore[prop-decorator]
    @property
    def purpose_title(self) -> str:
        return PURPOSE_TITLES[self.purpose]


class DisputeLine(View):
    """A question in a list: never its words. `item` is the kind and name of what is asked about."""

    id: str
    payslip_id: str
    month: date
    title: str
    item: str
    state: DisputeState
    created_at: datetime
    person_name: str

    @property
    def state_title(self) -> str:
        return DISPUTE_TITLES[self.state]


class Word(View):
    author_name: str
    is_owner: bool
    text: str
    at: datetime


class DisputeView(DisputeLine):
    """The thread."""

    words: list[Word]
