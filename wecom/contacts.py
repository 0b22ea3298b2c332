"""The directory: departments, members, tags (pages 90195 to 90216, 96067). Read only: WeCom is the master."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from wecom.answers import Answer, Record
from wecom.caller import Caller
from wecom.codes import NO_PERMISSION_FOR_API
from wecom.errors import Misconfigured
from wecom.transport import Request

PAGE = 10_000
LARGEST_ANSWER = 8 << 20
ACTIVE = 1


class Department(Record):
    """`parent_id` may name a department we cannot see. A bigger `order` comes first."""

    id: int
    name: str | None = None
    parent_id: int = Field(0, alias="parentid")
    order: int = 0
    leaders: tuple[str, ...] | None = Field(None, alias="department_leader")


class Member(Record):
    """What WeCom lets us see: since 2022 no mobile, mail, address or gender for most applications.

    `None` is "not told", never "empty": do not overwrite what is known. `is_leader_in` and `orders` run parallel to
    `departments` and may be shorter. `status`: 1 active, 2 disabled, 4 not activated, 5 left.
    """

    userid: str = Field(min_length=1, max_length=64)
    name: str | None = None
    alias: str | None = None
    departments: tuple[int, ...] = Field((), alias="department")
    orders: tuple[int, ...] = Field((), alias="order")
    is_leader_in: tuple[int, ...] = Field((), alias="is_leader_in_dept")
    main_department: int | None = None
    direct_leaders: tuple[str, ...] | None = Field(None, alias="direct_leader")
    position: str | None = None
    mobile: str | None = None
    email: str | None = None
    biz_mail: str | None = None
    telephone: str | None = None
    avatar: str | None = None
    status: int | None = None

    @property
    def is_active(self) -> bool:
        return self.status in (None, ACTIVE)


class Membership(Record):
    """One row per member and department."""

    userid: str = Field(min_length=1, max_length=64)
    department: int


class Tag(Record):
    id: int = Field(alias="tagid")
    name: str = Field("", alias="tagname")


class TagMember(Record):
    userid: str = Field(min_length=1, max_length=64)


@dataclass(frozen=True, slots=True)
class TagMembers:
    """A tag may hold members and whole departments."""

    userids: tuple[str, ...]
    departments: tuple[int, ...]


class Contacts:
    """Reads with the directory-sync secret when there is one; what that may not read, with the application's own.

    A directory-sync secret used from a new address since August 2022 may only list ids (48002 for the rest).
    """

    def __init__(self, callers: Sequence[Caller]) -> None:
        self._callers = callers
        self._denied: set[tuple[str, str]] = set()

    def departments(self, root: int | None = None) -> list[Department]:
        """The department and all below it, or everything visible, in no particular order."""
        return self._get("department/list", id=root).records("department", Department)

    def department_ids(self, root: int | None = None) -> list[Department]:
        """The same tree without names: all that directory sync may always read."""
        return self._get("department/simplelist", id=root).records("department_id", Department)

    def members(self, department_id: int) -> list[Member]:
        """The direct members of one department: walk the tree to get all."""
        return self._get("user/list", department_id=department_id).records("userlist", Member)

    def member(self, userid: str) -> Member:
        """One member; `Refused` with 60111 when unknown, 60011 or 60021 when not visible to us."""
        return self._get("user/get", userid=userid).record(Member)

    def memberships(self) -> Iterator[Membership]:
        """Every userid with its departments, page by page."""
        body: dict[str, str | int] = {"limit": PAGE}
        while True:
            answer = self._ask(Request("user/list_id", body=body))
            yield from answer.records("dept_user", Membership)
            following = answer.text("next_cursor", "")
            if following in ("", body.get("cursor")):
                return
            body = {"limit": PAGE, "cursor": following}

    def tags(self) -> list[Tag]:
        """All tags the caller may see."""
        return self._get("tag/list").records("taglist", Tag)

    def tag(self, tag_id: int) -> TagMembers:
        """Who carries a tag; departments have to be expanded by the reader."""
        answer = self._get("tag/get", tagid=tag_id)
        members = answer.records("userlist", TagMember)
        return TagMembers(tuple(member.userid for member in members), answer.integers("partylist"))

    def _get(self, api: str, **params: str | int | None) -> Answer:
        given = {name: value for name, value in params.items() if value is not None}
        return self._ask(Request(api, given, largest=LARGEST_ANSWER))

    def _ask(self, request: Request) -> Answer:
        """The answer of the first caller with permission; one that has none for an interface is not tried again."""
        for caller in self._callers[:-1]:
            denied = (caller.application.name, request.api)
            try:
                if denied not in self._denied:
                    return caller.ask(request)
            except Misconfigured as error:
                if error.errcode != NO_PERMISSION_FOR_API:
                    raise
                self._denied.add(denied)
        return self._callers[-1].ask(request)
