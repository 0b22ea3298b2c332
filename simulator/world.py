"""Everything the twin knows, as plain records: one object that can be written to a file and read back."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import ConfigDict, with_config

ROOT = 1
EVERYTHING = ("checkin", "approval", "schedule")


@dataclass
class Agent:
    """One application of the corporation, or the contact-sync secret (`contact_sync`).

    `visible_*` is its visible range; `may` lists the built-in apps that allow it to call them; `recent` applications
    (created since June 2022) receive no personal fields; `trusted_ips` None switches that check off.
    """

    name: str
    agent_id: int
    secret: str
    token: str = ""
    aes_key: str = ""
    callback_url: str = ""
    trusted_domain: str = ""
    visible_departments: list[int] = field(default_factory=lambda: [ROOT])
    visible_members: list[str] = field(default_factory=list)
    visible_tags: list[int] = field(default_factory=list)
    may: list[str] = field(default_factory=lambda: list(EVERYTHING))
    contact_sync: bool = False
    recent: bool = True
    trusted_ips: list[str] | None = None
    reports_entering: bool = True
    miniprogram_id: str = ""
    home_url: str = ""


@dataclass
class Department:
    id: int
    name: str
    parent_id: int = ROOT
    order: int = 0
    leaders: list[str] = field(default_factory=list)


@dataclass
class Member:
    """A person. `leads` are the departments in which they are a leader; `status` 1 active, 2 disabled, 4 not yet."""

    userid: str
    name: str
    departments: list[int] = field(default_factory=lambda: [ROOT])
    leads: list[int] = field(default_factory=list)
    main_department: int = 0
    direct_leaders: list[str] = field(default_factory=list)
    position: str = ""
    gender: str = "0"
    mobile: str = ""
    email: str = ""
    biz_mail: str = ""
    alias: str = ""
    status: int = 1
    extra: dict[str, str] = field(default_factory=dict)
    location: tuple[float, float] | None = None

    @property
    def home(self) -> int:
        """The main department."""
        return self.main_department or (self.departments[0] if self.departments else ROOT)


@dataclass
class Tag:
    id: int
    name: str
    members: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)


@dataclass
class Message:
    """One message, shared by all who got it; what differs for a person is kept by lower-case userid.

    `views` holds replaced cards, `greyed` the text on a pressed button, `chosen` what was selected.
    """

    id: str
    agent_id: int
    kind: str
    body: dict[str, Any]
    sent_at: int
    author: str = ""
    receivers: list[str] = field(default_factory=list)
    recalled: bool = False
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    greyed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, dict[str, list[str]]] = field(default_factory=dict)


@dataclass
class ResponseCode:
    message_id: str
    made_at: int
    used: bool = False


@dataclass
class Token:
    agent: str
    expires_at: int
    revoked: bool = False


@dataclass
class Code:
    """A login code: `kind` is `web` or `mini`; good once, for five minutes, for one application."""

    kind: str
    agent: str
    userid: str
    expires_at: int
    private: bool = False
    used: bool = False


@dataclass
class Ticket:
    """A user ticket (`kind` `user`) or a JS ticket (`jsapi`, `agent_config`)."""

    kind: str
    owner: str
    expires_at: int


@with_config(ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
@dataclass
class Media:
    kind: str
    filename: str
    content_type: str
    content: bytes
    made_at: int


@dataclass
class Duplicate:
    message_id: str
    until: int


@dataclass
class Approval:
    """An application in the built-in approval app, in the words of page 91983."""

    sp_no: str
    template_id: str
    applicant: str
    applied_at: int
    status: int = 1
    body: dict[str, Any] = field(default_factory=dict)
    approvers: list[str] = field(default_factory=list)
    decided_by: str = ""
    decided_at: int = 0
    speech: str = ""


@dataclass
class Office:
    """The built-in apps' data: rows of check-in, approval and vacation as their own pages describe them.

    `quotas` are seconds given and used, by lower-case userid and vacation. `vacation_scopes` are the departments a
    vacation holds for; without an entry it holds for everybody.
    """

    punches: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    vacations: list[dict[str, Any]] = field(default_factory=list)
    quotas: dict[str, dict[int, dict[str, int]]] = field(default_factory=dict)
    vacation_scopes: dict[int, list[int]] = field(default_factory=dict)
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class World:
    """The corporation and all that happened to it. Chats map a lower-case userid to message ids, oldest first;
    `read` counts how many of them were shown on the page."""

    corp_id: str
    agents: list[Agent] = field(default_factory=list)
    departments: dict[int, Department] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    tags: dict[int, Tag] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    chats: dict[str, list[str]] = field(default_factory=dict)
    response_codes: dict[str, ResponseCode] = field(default_factory=dict)
    task_ids: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, Duplicate] = field(default_factory=dict)
    sent_today: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    menus: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    office: Office = field(default_factory=Office)
    read: dict[str, int] = field(default_factory=dict)
    last_id: int = 0
