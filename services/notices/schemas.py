"""What goes into notices and what comes out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from kit.pages import PageQuery
from kit.schema import CompanyTime, Identifier, Line, View, Wish
from kit.text import plain
from models.enums import NoticeState, ReceiptState, Role
from services.notices.body import Block

STATES: dict[NoticeState, str] = {
    NoticeState.DRAFT: "草稿",
    NoticeState.SCHEDULED: "定时发送",
    NoticeState.SENDING: "发送中",
    NoticeState.SENT: "已发送",
    NoticeState.RECALLED: "已撤回",
}
STAGES: dict[ReceiptState, str] = {
    ReceiptState.WAITING: "待送达",
    ReceiptState.DELIVERED: "已送达，未读",
    ReceiptState.FAILED: "未送达",
    ReceiptState.OPENED: "已读",
    ReceiptState.CONFIRMED: "已确认",
}


class Draft(Wish):
    """A notice being written. `persons` names people by account or employee number, separated by spaces."""

    title: Annotated[Line, Field(title="标题", min_length=1, max_length=36)]
    body: Annotated[str, AfterValidator(plain), Field(title="正文", min_length=1, max_length=5000)]
    sender: Annotated[Line, Field(title="发布方", min_length=1, max_length=20)] = "人事部"
    is_for_all: bool = Field(False, title="全体员工")
    departments: list[Identifier] = Field([], title="部门", max_length=100)
    tags: list[Identifier] = Field([], title="标签", max_length=100)
    roles: list[Role] = Field([], title="角色", max_length=10)
    persons: Annotated[str, AfterValidator(plain), Field(title="指定人员", max_length=4000)] = ""
    must_confirm: bool = False
    is_urgent: bool = False


class Sketch(Wish):
    """A draft half written, as the editor sends it while somebody types."""

    title: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(max_length=20_000)] = ""
    sender: Annotated[str, Field(max_length=200)] = ""
    is_for_all: bool = False
    departments: list[Identifier] = Field([], max_length=100)
    tags: list[Identifier] = Field([], max_length=100)
    roles: list[Role] = Field([], max_length=10)
    persons: Annotated[str, Field(max_length=20_000)] = ""
    must_confirm: bool = False
    is_urgent: bool = False


class Preview(Wish):
    """Whom to send the card as it will look: an account or employee number; empty is oneself."""

    person: Annotated[Line, Field(max_length=64)] = ""


class Send(Wish):
    """Send now, to exactly this many people: the number the sender was shown and agreed to."""

    people: int = Field(title="人数", ge=0, le=10_000_000)


class Schedule(Send):
    """Send at this time; without a zone it is company time."""

    at: Annotated[CompanyTime, Field(title="发送时间")]


Format = Literal["xlsx", "csv"]


class NoticesQuery(PageQuery):
    """HR's list."""

    q: str | None = Field(None, max_length=36)
    state: NoticeState | None = None
    sort: Literal["created_at", "-created_at", "title", "-title"] = "-created_at"
    format: Format | None = None


class ReceiptsQuery(PageQuery):
    """Who has come how far; `unread` and `unconfirmed` are the two questions HR asks."""

    only: Literal["unread", "unconfirmed"] | ReceiptState | None = None
    format: Format | None = None


class MineQuery(PageQuery):
    """One's own notices."""

    only: Literal["unread"] | None = None


class MyNoticeLine(View):
    """A line of one's own list. `needs_confirmation` is true until one has confirmed."""

    id: str
    title: str
    sender: str
    sent_at: datetime
    is_unread: bool
    needs_confirmation: bool


class MyNotice(View):
    """A notice as its reader sees it; `blocks` are its body, parsed."""

    id: str
    title: str
    sender: str
    sent_at: datetime | None
    blocks: list[Block]
    must_confirm: bool
    confirmed_at: datetime | None
    is_unread: bool
    is_preview: bool = False


class NoticeLine(View):
    """A line of HR's list; `expected` is how many people it was sent to."""

    id: str
    title: str
    state: NoticeState
    sender: str
    must_confirm: bool
    is_urgent: bool
    expected: int
    created_at: datetime
    scheduled_at: datetime | None
    sent_at: datetime | None


class Tally(View):
    """How many people are at each stage, everybody counted once."""

    waiting: int = 0
    delivered: int = 0
    failed: int = 0
    opened: int = 0
    confirmed: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.delivered + self.failed + self.opened + self.confirmed

    @property
    def read(self) -> int:
        """Everybody who opened it, confirmed or not."""
        return self.opened + self.confirmed

    @property
    def handled(self) -> int:
        """Everybody WeCom has answered for."""
        return self.total - self.waiting

    def share(self, count: int) -> int:
        """Whole percent of everybody."""
        return round(100 * count / self.total) if self.total else 0


class NoticeView(NoticeLine):
    """A notice as HR sees it `now`; `people` is how many its audience has at this moment."""

    body: str
    blocks: list[Block]
    audience: list[str]
    audience_titles: list[str]
    author_name: str
    tally: Tally
    recalled_at: datetime | None
    nudged_at: datetime | None
    people: int
    now: datetime


class ReceiptLine(View):
    """How far a notice got with one person."""

    person_id: str
    name: str
    department_name: str
    state: ReceiptState
    opened_at: datetime | None
    confirmed_at: datetime | None


class SketchView(View):
    """The card as WeCom would get it, and how many people would; or why nobody can say yet."""

    card: dict[str, Any]
    people: int
    problem: str = ""


class EditorView(View):
    """What the editor shows: the draft (empty for a new one) and what can be chosen."""

    id: str | None
    draft: Sketch
    departments: list[tuple[str, str]]
    tags: list[tuple[str, str]]
    roles: list[tuple[str, str]]
