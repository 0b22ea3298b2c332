"""The application's menu in the chat (pages 90231 to 90233)."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from wecom.answers import Answer
from wecom.caller import Caller
from wecom.limits import Part, Url, bytes_at_most

ACTIONS = Literal[
    "click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select", "view_miniprogram",
]  # fmt: skip
VIEWS = {"view": ("url",), "view_miniprogram": ("pagepath", "appid")}


class Action(Part):
    """An entry that does something: `key` comes back in the event, the two views open something instead."""

    type: ACTIONS
    name: Annotated[str, Field(min_length=1), bytes_at_most(40)]
    key: Annotated[str, Field(min_length=1), bytes_at_most(128)] | None = Field(None, validate_default=True)
    url: Annotated[Url, bytes_at_most(1024)] | None = Field(None, validate_default=True)
    pagepath: str | None = Field(None, validate_default=True)
    appid: str | None = Field(None, validate_default=True)

    @field_validator("key", "url", "pagepath", "appid")
    @classmethod
    def _what_the_type_needs(cls, value: str | None, info: ValidationInfo) -> str | None:
        kind = str(info.data.get("type"))
        if value is None and info.field_name in VIEWS.get(kind, ("key",)):
            raise ValueError(f"is required for {kind}")
        return value


class TopAction(Action):
    """An entry of the first row, which has room for less."""

    name: Annotated[str, Field(min_length=1), bytes_at_most(16)]


class Group(Part):
    """An entry of the first row that opens up to five others."""

    name: Annotated[str, Field(min_length=1), bytes_at_most(16)]
    sub_button: tuple[Action, ...] = Field(min_length=1, max_length=5)


class MenuBar(Part):
    """One to three entries."""

    button: tuple[TopAction | Group, ...] = Field(min_length=1, max_length=3)


class Menu:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, bar: MenuBar) -> None:
        """Replaces the application's menu."""
        self._caller.write("menu/create", bar.model_dump(), agentid=self._agent_id)

    def current(self) -> list[dict[str, Any]]:
        """The buttons now shown, as WeCom writes them."""
        answer: Answer = self._caller.get("menu/get", agentid=self._agent_id)
        return answer.rows("button")

    def delete(self) -> None:
        """Removes the menu."""
        self._caller.write("menu/delete", agentid=self._agent_id)

    @property
    def _agent_id(self) -> int:
        return self._caller.application.agent_id
