"""The five template cards with their limits (page 90236, section `template_card`).

Build one from its class or from plain data with `parse`; `model_dump()` is the wire form. A card that calls back needs
a `task_id`, unique in the application: it is asked for when the card is sent, because the same card without one is
what replaces a card already sent.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from wecom.errors import InvalidMessage
from wecom.limits import Key, MediaId, OptionId, Part, TaskId, Url, UserId, unique

T = TypeVar("T")
LINK_TO_URL, LINK_TO_MINIPROGRAM = 1, 2


def _needed(value: T | None, info: ValidationInfo, kind: int) -> T | None:
    if value is None and info.data.get("type") == kind:
        raise ValueError(f"is required for type {kind}")
    return value


class Link(Part):
    """Where a tap leads: 0 nowhere, 1 a page, 2 a mini-program."""

    type: Literal[0, 1, 2] = 0
    url: Url | None = Field(None, validate_default=True)
    appid: str | None = Field(None, min_length=1, validate_default=True)
    pagepath: str | None = None

    @field_validator("url")
    @classmethod
    def _url_needed(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _needed(value, info, LINK_TO_URL)

    @field_validator("appid")
    @classmethod
    def _appid_needed(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _needed(value, info, LINK_TO_MINIPROGRAM)


class CardAction(Link):
    """What a tap on the whole card does."""


class Leading(CardAction):
    """The action of a notice card: it must lead somewhere."""

    type: Literal[1, 2]


class Source(Part):
    """The small line on top; colours 0 grey, 1 black, 2 red, 3 green."""

    icon_url: Url | None = None
    desc: str | None = Field(None, max_length=20)
    desc_color: Literal[0, 1, 2, 3] | None = None


class MenuItem(Part):
    text: str = Field(min_length=1)
    key: Key


class ActionMenu(Part):
    """The menu at the top right; its presence makes a notice card call back."""

    desc: str | None = None
    action_list: tuple[MenuItem, ...] = Field(min_length=1, max_length=3)

    @field_validator("action_list")
    @classmethod
    def _distinct(cls, value: tuple[MenuItem, ...]) -> tuple[MenuItem, ...]:
        return unique(value, "key")


class MainTitle(Part):
    title: str | None = Field(None, min_length=1, max_length=36)
    desc: str | None = Field(None, max_length=44)


class RequiredTitle(MainTitle):
    title: str = Field(min_length=1, max_length=36)


class QuoteArea(Link):
    title: str | None = None
    quote_text: str | None = None


class Emphasis(Part):
    title: str | None = Field(None, max_length=14)
    desc: str | None = Field(None, max_length=22)


class Row(Part):
    """A line of key and value: 0 plain, 1 link, 2 attachment, 3 member."""

    keyname: str = Field(min_length=1, max_length=5)
    value: str | None = Field(None, max_length=30)
    type: Literal[0, 1, 2, 3] | None = None
    url: Url | None = Field(None, validate_default=True)
    media_id: MediaId | None = Field(None, validate_default=True)
    userid: UserId | None = Field(None, validate_default=True)

    @field_validator("url", "media_id", "userid")
    @classmethod
    def _needed_by_type(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _needed(value, info, {"url": 1, "media_id": 2, "userid": 3}[str(info.field_name)])


class Jump(Link):
    title: str = Field(min_length=1, max_length=18)


class CardImage(Part):
    url: Url
    aspect_ratio: float | None = Field(None, ge=1.3, le=2.25)


class ImageTextArea(Link):
    image_url: Url
    title: str | None = None
    desc: str | None = None


class Paragraph(Part):
    title: str = Field(min_length=1, max_length=38)
    desc: str | None = Field(None, max_length=160)


class Option(Part):
    id: OptionId
    text: str = Field(min_length=1, max_length=16)


class Selection(Part):
    """A drop-down list; `disable` belongs to a card that replaces another."""

    question_key: Key
    title: str | None = None
    disable: bool | None = None
    selected_id: str | None = None
    option_list: tuple[Option, ...] = Field(min_length=1, max_length=10)

    @field_validator("option_list")
    @classmethod
    def _distinct(cls, value: tuple[Option, ...]) -> tuple[Option, ...]:
        return unique(value, "id")


class Button(Part):
    """0 calls back with `key`, 1 opens `url`; style 1 emphasis, 2 secondary, 3 neutral, 4 negative."""

    type: Literal[0, 1] | None = None
    text: str = Field(min_length=1, max_length=10)
    style: Literal[1, 2, 3, 4] | None = None
    key: Key | None = Field(None, validate_default=True)
    url: Url | None = Field(None, validate_default=True)

    @field_validator("key")
    @classmethod
    def _key_needed(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("type") != LINK_TO_URL:
            raise ValueError("is required for a button that calls back")
        return value

    @field_validator("url")
    @classmethod
    def _url_needed(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _needed(value, info, LINK_TO_URL)


class Choice(Part):
    id: OptionId
    text: str = Field(min_length=1, max_length=17)
    is_checked: bool | None = None


class CheckBox(Part):
    """A vote: mode 0 one answer, 1 several."""

    question_key: Key
    mode: Literal[0, 1] | None = None
    disable: bool | None = None
    option_list: tuple[Choice, ...] = Field(min_length=1, max_length=20)

    @field_validator("option_list")
    @classmethod
    def _distinct(cls, value: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return unique(value, "id")


class SubmitButton(Part):
    text: str | None = Field(None, min_length=1, max_length=10)
    key: Key


Rows = Annotated[tuple[Row, ...], Field(max_length=6)]
Jumps = Annotated[tuple[Jump, ...], Field(max_length=3)]


class BaseCard(Part):
    """What all five have. `task_id` may wait until the card is sent."""

    source: Source | None = None
    task_id: TaskId | None = None

    @property
    def calls_back(self) -> bool:
        """Whether taps on it come back to us, so that it needs a `task_id` and can be updated."""
        return True


class NoticeCard(BaseCard):
    action_menu: ActionMenu | None = None
    quote_area: QuoteArea | None = None
    horizontal_content_list: Rows | None = None
    jump_list: Jumps | None = None
    card_action: Leading

    @property
    def calls_back(self) -> bool:
        """A notice calls back only through its menu."""
        return self.action_menu is not None


class TextNotice(NoticeCard):
    """文本通知型: something happened; a tap opens it."""

    card_type: Literal["text_notice"] = "text_notice"
    sub_title_text: str | None = Field(None, max_length=160)
    main_title: MainTitle | None = Field(None, validate_default=True)
    emphasis_content: Emphasis | None = None

    @field_validator("main_title")
    @classmethod
    def _something_to_read(cls, value: MainTitle | None, info: ValidationInfo) -> MainTitle | None:
        if (value is None or value.title is None) and not info.data.get("sub_title_text"):
            raise ValueError("needs a title unless there is a sub_title_text")
        return value


class NewsNotice(NoticeCard):
    """图文展示型: a picture with words."""

    card_type: Literal["news_notice"] = "news_notice"
    main_title: RequiredTitle
    image_text_area: ImageTextArea | None = None
    card_image: CardImage | None = Field(None, validate_default=True)
    vertical_content_list: tuple[Paragraph, ...] | None = Field(None, max_length=4)

    @field_validator("card_image")
    @classmethod
    def _one_picture(cls, value: CardImage | None, info: ValidationInfo) -> CardImage | None:
        if value is None and info.data.get("image_text_area") is None:
            raise ValueError("is required unless there is an image_text_area")
        return value


class ButtonInteraction(BaseCard):
    """按钮交互型: a question with buttons."""

    card_type: Literal["button_interaction"] = "button_interaction"
    action_menu: ActionMenu | None = None
    main_title: RequiredTitle
    quote_area: QuoteArea | None = None
    sub_title_text: str | None = Field(None, max_length=160)
    horizontal_content_list: Rows | None = None
    card_action: CardAction | None = None
    button_selection: Selection | None = None
    button_list: tuple[Button, ...] = Field(min_length=1, max_length=6)

    @field_validator("button_list")
    @classmethod
    def _distinct(cls, value: tuple[Button, ...]) -> tuple[Button, ...]:
        return unique(value, "key")


class VoteInteraction(BaseCard):
    """投票选择型: one question, one or several answers."""

    card_type: Literal["vote_interaction"] = "vote_interaction"
    main_title: RequiredTitle
    checkbox: CheckBox
    submit_button: SubmitButton | None = None


class MultipleInteraction(BaseCard):
    """多项选择型: up to three drop-down lists."""

    card_type: Literal["multiple_interaction"] = "multiple_interaction"
    main_title: RequiredTitle
    select_list: tuple[Selection, ...] = Field(min_length=1, max_length=3)
    submit_button: SubmitButton

    @field_validator("select_list")
    @classmethod
    def _distinct(cls, value: tuple[Selection, ...]) -> tuple[Selection, ...]:
        return unique(value, "question_key")


AnyCard = TextNotice | NewsNotice | ButtonInteraction | VoteInteraction | MultipleInteraction
Card = Annotated[AnyCard, Field(discriminator="card_type")]
TYPES: dict[str, type[AnyCard]] = {
    "text_notice": TextNotice,
    "news_notice": NewsNotice,
    "button_interaction": ButtonInteraction,
    "vote_interaction": VoteInteraction,
    "multiple_interaction": MultipleInteraction,
}


def parse(data: Mapping[str, Any]) -> Card:
    """The card in plain data (its wire form), or `InvalidMessage` naming the field."""
    kind = TYPES.get(str(data.get("card_type")))
    if kind is None:
        raise InvalidMessage("card_type", f"must be one of {', '.join(TYPES)}")
    return kind.model_validate(data)


def with_task(card: Card, task_id: str) -> Card:
    """The same card, ready to be sent under this task id."""
    return parse({**card.model_dump(), "task_id": task_id})
