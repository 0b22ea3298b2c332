"""What comes in (`Wish`) and what goes out (`View`): strict models and the field types they are made of."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from kit import clock, ids
from kit.money import Money
from kit.text import plain

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_TIME = re.compile(r"20\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class Wish(BaseModel):
    """Input: nothing unknown, nothing changes after parsing."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class View(BaseModel):
    """Output: values only, never a table row."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def _money(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, str):
        raise ValueError('金额要写成文字，例如 "1234.56"')
    return Money.yuan(value)


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("请填写日期，例如 2026-03-02")


def _company_time(value: Any) -> datetime:
    if isinstance(value, str) and ISO_TIME.fullmatch(value):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        raise ValueError("请填写日期和时间，例如 2026-03-02 09:30")
    return value if value.tzinfo else value.replace(tzinfo=clock.COMPANY_ZONE)


Identifier = Annotated[str, Field(pattern=rf"^{ids.PATTERN}$")]
Day = Annotated[date, BeforeValidator(_day), Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A date as people write it, "2026-03-02", that company time can be reckoned around; never a number of seconds."""
AnyDay = Annotated[date, BeforeValidator(_day), Field(ge=date(1900, 1, 1), le=date(2099, 12, 31))]
"""A date like `Day` that may lie in the last century: when somebody was born."""
CompanyTime = Annotated[datetime, BeforeValidator(_company_time)]
"""An instant as people write it, "2026-03-02T09:30"; without a zone it is the company's clock."""
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Which version of a thing was edited; within what an integer column holds."""
Line = Annotated[str, AfterValidator(lambda text: plain(text).replace("\n", " ")), Field(max_length=100)]
"""One line of user text, at most 100 characters, in one normal form."""
Paragraph = Annotated[str, AfterValidator(plain), Field(max_length=500)]
"""User text of several lines, at most 500 characters."""
Amount = Annotated[
    Money,
    BeforeValidator(_money),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,13}\.\d{2}$"}),
]
"""Money on the wire: "1234.56"."""
