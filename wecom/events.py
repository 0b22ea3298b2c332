"""What deliveries say, as small typed values. Each `parse` tolerates both spellings, any case and repeated elements.

A field that is missing is empty; nothing here raises for content that WeCom may change. Ids stay text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wecom import tree
from wecom.callback import Inbound

INTEGER = re.compile(r"-?[0-9]{1,18}")


class Change(StrEnum):
    """What happened in the directory."""

    CREATE_USER = "create_user"
    UPDATE_USER = "update_user"
    DELETE_USER = "delete_user"
    CREATE_DEPARTMENT = "create_party"
    UPDATE_DEPARTMENT = "update_party"
    DELETE_DEPARTMENT = "delete_party"
    UPDATE_TAG = "update_tag"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CardTap:
    """A button, a vote, a choice or a menu entry of a card. `response_code` updates the card once within 72 hours."""

    task_id: str
    key: str
    card_type: str
    response_code: str
    selected: Mapping[str, tuple[str, ...]]
    is_menu: bool

    @classmethod
    def parse(cls, inbound: Inbound) -> "CardTap":
        data = inbound.data
        items = tree.branches(tree.branch(data, "SelectedItems"), "SelectedItem")
        return cls(
            tree.text(data, "TaskId"),
            tree.text(data, "EventKey"),
            tree.text(data, "CardType"),
            tree.text(data, "ResponseCode"),
            {tree.text(item, "QuestionKey"): _options(item) for item in items},
            inbound.kind == "template_card_menu_event",
        )


def _options(item: tree.Tree) -> tuple[str, ...]:
    # WeCom's own documentation spelt it OpitonIds for years.
    groups = tree.branches(item, "OptionIds", "OpitonIds")
    return tuple(option for group in groups for option in tree.texts(group, "OptionId", "OpitonId"))


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Somebody or something in the directory changed: a reason to read it again, not the truth itself.

    `new_userid` is a rename. `told` has the other elements as written: absent means unchanged, empty means cleared.
    """

    change: Change
    userid: str
    new_userid: str
    department_id: int | None
    tag_id: int | None
    told: Mapping[str, Any]

    @classmethod
    def parse(cls, inbound: Inbound) -> "ContactChange":
        data = inbound.data
        kind = tree.text(data, "ChangeType")
        return cls(
            Change(kind) if kind in set(Change) else Change.OTHER,
            tree.text(data, "UserID"),
            tree.text(data, "NewUserID"),
            _integer(tree.text(data, "Id")),
            _integer(tree.text(data, "TagId")),
            data,
        )


@dataclass(frozen=True, slots=True)
class Text:
    content: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "Text":
        return cls(tree.text(inbound.data, "Content"))


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """A picture, voice, video or file; fetch it within three days."""

    media_id: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "MediaMessage":
        data = inbound.data
        inner = tree.branch(data, inbound.kind)
        return cls(tree.text(data, "MediaId") or tree.text(inner, "MediaId"))


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees in GCJ-02 and metres, a claim of the phone; None when not a number. From event or message."""

    latitude: float | None
    longitude: float | None
    precision: float | None
    label: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "Location":
        data = {**inbound.data, **tree.branch(inbound.data, "SendLocationInfo")}
        return cls(
            _number(tree.text(data, "Latitude", "Location_X")),
            _number(tree.text(data, "Longitude", "Location_Y")),
            _number(tree.text(data, "Precision")),
            tree.text(data, "Label"),
        )


@dataclass(frozen=True, slots=True)
class MenuTap:
    """`click` gives the menu key, `view` the address, `view_miniprogram` the page."""

    key: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "MenuTap":
        return cls(tree.text(inbound.data, "EventKey"))


@dataclass(frozen=True, slots=True)
class Scan:
    """`code_type` is `qrcode` or `barcode`."""

    key: str
    code_type: str
    result: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "Scan":
        info = tree.branch(inbound.data, "ScanCodeInfo")
        return cls(tree.text(inbound.data, "EventKey"), tree.text(info, "ScanType"), tree.text(info, "ScanResult"))


@dataclass(frozen=True, slots=True)
class ApprovalChange:
    """The built-in approval application moved: read the form again by `sp_no`.

    `status` 1 running, 2 approved, 3 rejected, 4 withdrawn, 6 withdrawn after approval, 7 deleted, 10 paid.
    `change` 1 submitted, 2 agreed, 3 rejected, 4 forwarded, 5 urged, 6 withdrawn, 8 withdrawn after approval,
    10 commented, 11 returned, 12 signer added, 13 agreed and signer added, 14 handled, 15 handed over.
    """

    sp_no: str
    template_id: str
    status: int | None
    change: int | None
    applicant: str

    @classmethod
    def parse(cls, inbound: Inbound) -> "ApprovalChange":
        info = tree.branch(inbound.data, "ApprovalInfo")
        return cls(
            tree.text(info, "SpNoStr", "SpNo"),
            tree.text(info, "TemplateId"),
            _integer(tree.text(info, "SpStatus")),
            _integer(tree.text(info, "StatuChangeEvent", "StatusChangeEvent")),
            tree.text(tree.branch(info, "Applyer"), "UserId"),
        )


@dataclass(frozen=True, slots=True)
class JobResult:
    """A batch import or export is done; `error_code` 0 is success."""

    job_id: str
    job_type: str
    error_code: int | None

    @classmethod
    def parse(cls, inbound: Inbound) -> "JobResult":
        job = tree.branch(inbound.data, "BatchJob")
        return cls(tree.text(job, "JobId"), tree.text(job, "JobType"), _integer(tree.text(job, "ErrCode")))


def _integer(text: str) -> int | None:
    return int(text) if INTEGER.fullmatch(text) else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
