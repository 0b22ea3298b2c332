"""WeCom's JSON answers, distrusted: shape and types are checked here, once, so that callers may rely on them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from wecom.errors import Later, invalid

M = TypeVar("M", bound="Record")
DIGITS = re.compile(r"[0-9]{1,18}")


class Record(BaseModel):
    """One object of an answer. Unknown fields are ignored; `None` means that WeCom said nothing about the field."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


@dataclass(frozen=True)
class Answer:
    """A JSON object with `errcode` 0. A field that is missing or of the wrong type is `Later`: the answer is broken."""

    api: str
    fields: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default it must be there and not be empty."""
        value = self.fields.get(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.broken(name)
        return value

    def integer(self, name: str) -> int:
        """A whole number, which some interfaces write as text."""
        value = self.fields.get(name)
        if isinstance(value, str) and DIGITS.fullmatch(value):
            return int(value)
        if type(value) is not int:
            raise self.broken(name)
        return value

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A list of objects; absent means empty."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.broken(name)
        return value

    def integers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; absent means empty."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            raise self.broken(name)
        return tuple(value)

    def records(self, name: str, kind: type[M]) -> list[M]:
        """A list of objects read as records."""
        try:
            return [kind.model_validate(row) for row in self.rows(name)]
        except ValidationError as error:
            raise self.broken(f"{name}.{invalid(error).field}") from None

    def record(self, kind: type[M]) -> M:
        """The answer itself read as a record."""
        try:
            return kind.model_validate(self.fields)
        except ValidationError as error:
            raise self.broken(invalid(error).field) from None

    def broken(self, name: str) -> Later:
        """The error for a field that is not what the reference says."""
        return Later(f"the answer's field {name} is missing or of a wrong type", api=self.api)


def decode(content: bytes) -> dict[str, Any]:
    """The JSON object in the bytes, its `errcode` an int (0 when absent); anything else is a ValueError."""
    try:
        value = json.loads(content.decode(), strict=False, parse_constant=_no_constant)
        if b"\\ud" in content.lower():  # an escaped half of a character could never be stored
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict) or type(value.setdefault("errcode", 0)) is not int:
        raise ValueError("not an answer")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
