"""The base of everything we send, and limits that count as WeCom counts: bytes of UTF-8 or characters."""

import re
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from kit.text import byte_length
from wecom.errors import invalid

USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")
TASK_ID = re.compile(r"[A-Za-z0-9_\-@]{1,128}")


class Part(BaseModel):
    """A frozen piece of an outgoing message; `model_dump()` is its wire form, absent fields left out.

    A broken limit is `InvalidMessage` with the field's path, however the piece is built.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise invalid(error) from None

    # Tells pydantic that nested pieces need not pass through __init__, so that paths stay whole.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The piece in a plain structure, or `InvalidMessage`."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise invalid(error) from None

    @model_serializer(mode="wrap")
    def _wire(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        filled = {name: value for name, value in handler(self).items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in filled.items()}


def bytes_at_most(limit: int) -> AfterValidator:
    """A validator for text of at most `limit` bytes in UTF-8."""

    def check(text: str) -> str:
        if byte_length(text) > limit:
            raise ValueError(f"has {byte_length(text)} bytes, {limit} are allowed")
        return text

    return AfterValidator(check)


def unique(items: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    """The same items; a ValueError when two have the same `name`."""
    values = [value for value in (getattr(item, name) for item in items) if value is not None]
    if len(set(values)) != len(values):
        raise ValueError(f"two items have the same {name}")
    return items


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("needs a scheme: http:// or https://")
    return text


def _userid(text: str) -> str:
    if not USERID.fullmatch(text):
        raise ValueError("is not a userid: 1 to 64 letters, digits and _-@.")
    return text


def _task_id(text: str) -> str:
    if not TASK_ID.fullmatch(text):
        raise ValueError("needs 1 to 128 letters, digits and _-@")
    return text


def is_userid(value: object) -> bool:
    """Whether a value of unknown origin is a well-formed userid (and a string at all)."""
    return isinstance(value, str) and USERID.fullmatch(value) is not None


Url = Annotated[str, AfterValidator(_url), bytes_at_most(2048)]
UserId = Annotated[str, AfterValidator(_userid)]
TaskId = Annotated[str, AfterValidator(_task_id)]
Key = Annotated[str, Field(min_length=1), bytes_at_most(1024)]
OptionId = Annotated[str, Field(min_length=1), bytes_at_most(128)]
MediaId = Annotated[str, Field(min_length=1), bytes_at_most(512)]
