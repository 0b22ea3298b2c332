"""What will be there on a day: lots that begin and end between now and then, in order. Pure: lots in, steps out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NEXT = timedelta(days=1)


class StepKind(StrEnum):
    """Why the balance is another from that day on."""

    NOW = "now"
    BEGINS = "begins"
    GRANTED = "granted"
    EXPIRES = "expires"


@dataclass(frozen=True)
class Stock:
    """A lot with its rest in minutes; `is_promised` when the rules will give it but it is not given yet."""

    title: str
    starts_on: date
    expires_on: date
    rest: int
    is_promised: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Step:
    """From `on` the balance is `left` minutes, having moved by `minutes`."""

    on: date
    kind: StepKind
    title: str
    sentence: str
    minutes: int
    left: int


def forecast(stocks: Iterable[Stock], today: date, day: date) -> list[Step]:
    """The balance today and each change of it until `day` (included); the last step holds the answer.

    Nothing is taken meanwhile but what is held already. A lot can be taken through its last day, so it goes on the
    day after, and only what is left of it goes.
    """
    known = list(stocks)
    left = sum(stock.rest for stock in known if not stock.is_promised and _is_good(stock, today))
    steps = [Step(today, StepKind.NOW, "今天可用", "", left, left)]
    for on, kind, stock, minutes in sorted(_changes(known, today, day), key=lambda change: change[:2]):
        left += minutes
        steps.append(Step(on, kind, stock.title, stock.sentence, minutes, left))
    return steps


def begins(stock: Stock, today: date) -> date:
    """When it can first be taken: what is still to be given, after the coming night's job at the earliest."""
    return max(stock.starts_on, today + NEXT) if stock.is_promised else stock.starts_on


def _is_good(stock: Stock, day: date) -> bool:
    return stock.starts_on <= day <= stock.expires_on


def _changes(stocks: Sequence[Stock], today: date, day: date) -> Iterator[tuple[date, StepKind, Stock, int]]:
    for stock in stocks:
        first = begins(stock, today)
        if first > stock.expires_on:
            continue
        if today < first <= day:
            yield first, StepKind.GRANTED if stock.is_promised else StepKind.BEGINS, stock, stock.rest
        if today <= stock.expires_on < day and stock.rest > 0:
            yield stock.expires_on + NEXT, StepKind.EXPIRES, stock, -stock.rest
