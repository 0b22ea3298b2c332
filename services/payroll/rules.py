"""What a payslip is and what must hold of it: sums to the fen, four eyes, what changed. No database, no clock."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kit.errors import Conflict, Forbidden, Invalid
from kit.money import ZERO, Money, total
from models.enums import BatchState, ItemKind

WHOLE = 1000  # shares are per mille
_AMOUNT = re.compile(r"^[+-]?(\d{1,3}(,\d{3}){1,2}|\d{1,9})(\.\d+)?$", re.ASCII)


class NotAnAmount(ValueError):
    """The text of a cell is no amount of whole fen; the message says why, in Chinese."""


class FourEyes(Forbidden):
    code, default_title = "payroll.four_eyes", "您准备了这个批次，须由另一位薪酬复核人员发布"


class WrongState(Conflict):
    code = "payroll.wrong_state"


class TooMuch(Invalid):
    code, default_title = "payroll.too_much", "各行之和超出系统能处理的范围，请检查金额"


class TotalsChanged(Conflict):
    code, default_title = "payroll.totals_changed", "批次的人数或合计与您核对的不一致，请重新核对后再发布"


class Recalled(Conflict):
    code, default_title = "payroll.recalled", "这份工资条已被撤回，更正后会重新通知您"


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a payslip; deductions are positive amounts that are taken off."""

    kind: ItemKind
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Slip:
    """The figures of one person for one month. `notes` are words beside the amounts, by name."""

    lines: tuple[Line, ...]
    net: Money
    notes: tuple[tuple[str, str], ...] = ()

    def subtotal(self, kind: ItemKind) -> Money:
        """The sum of the lines of one kind."""
        return total([line.amount for line in self.lines if line.kind is kind])

    @property
    def gap(self) -> Money:
        """Earnings minus deductions minus net: zero for a payslip that reconciles."""
        return self.subtotal(ItemKind.EARNING) - self.subtotal(ItemKind.DEDUCTION) - self.net


@dataclass(frozen=True, slots=True)
class Change:
    """An item before and after; `None` where there was or is no such item."""

    kind: ItemKind
    name: str
    before: Money | None
    after: Money | None

    @property
    def delta(self) -> Money:
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the picture of pay: `permille` of the whole bar; `kind` is `None` for the net pay itself."""

    kind: ItemKind | None
    name: str
    amount: Money
    permille: int


@dataclass(frozen=True, slots=True)
class Makeup:
    """Where pay comes from and where it goes, as two bars of the same length."""

    earned: tuple[Part, ...]
    spent: tuple[Part, ...]


def amount(value: object) -> Money | None:
    """The amount in a cell: an exact decimal or text such as "1,234.50"; nothing is no amount.

    `NotAnAmount` for words, dates, more than two decimals and a billion yuan or more.
    """
    if value is None or value == "":
        return None
    text = format(value, "f") if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _AMOUNT.match(text):
        raise NotAnAmount("应为小于十亿的金额，例如 1234.50")
    number = Decimal(text.replace(",", ""))
    if number * 100 != (number * 100).to_integral_value():
        raise NotAnAmount("金额最多两位小数")
    return Money.yuan(number)


def combined(slips: Iterable[Slip]) -> Slip:
    """All payslips as one: every item with its sum, in the order of first sight; the notes are left out.

    `TooMuch` when the sums leave the range of money.
    """
    sums: dict[tuple[ItemKind, str], int] = {}
    net = 0
    for slip in slips:
        net += slip.net.fen
        for line in slip.lines:
            sums[line.kind, line.name] = sums.get((line.kind, line.name), 0) + line.amount.fen
    try:
        return Slip(tuple(Line(kind, name, Money(fen)) for (kind, name), fen in sums.items()), Money(net))
    except ValueError:
        raise TooMuch() from None


def changes(after: Slip, before: Slip | None) -> list[Change]:
    """Every item of either payslip that differs, in the order of the newer one."""
    now = {(line.kind, line.name): line.amount for line in after.lines}
    then = {(line.kind, line.name): line.amount for line in before.lines} if before else {}
    found = [Change(*key, then.get(key), now.get(key)) for key in now | then]
    return [change for change in found if change.before != change.after]


def makeup(slip: Slip) -> Makeup:
    """The two bars: earnings by item; net and deductions by item. What is not positive has no width."""
    earned = [(line.kind, line.name, line.amount) for line in slip.lines if line.kind is ItemKind.EARNING]
    taken = [(line.kind, line.name, line.amount) for line in slip.lines if line.kind is ItemKind.DEDUCTION]
    return Makeup(_parts(earned), _parts([(None, "实发", slip.net), *taken]))


def _parts(pieces: Sequence[tuple[ItemKind | None, str, Money]]) -> tuple[Part, ...]:
    widths = shares([piece for _, _, piece in pieces])
    return tuple(Part(kind, name, piece, width) for (kind, name, piece), width in zip(pieces, widths, strict=True))


def shares(amounts: Sequence[Money]) -> list[int]:
    """Shares per mille that sum to exactly 1000 (largest remainder); zero for what is not positive."""
    fens = [max(one.fen, 0) for one in amounts]
    whole = sum(fens)
    if not whole:
        return [0] * len(fens)
    floors = [fen * WHOLE // whole for fen in fens]
    by_remainder = sorted(range(len(fens)), key=lambda index: fens[index] * WHOLE % whole, reverse=True)
    for index in by_remainder[: WHOLE - sum(floors)]:
        floors[index] += 1
    return floors


def family(month: date, title: str) -> str:
    """What versions have in common: the month and what is paid."""
    return f"{month:%Y-%m}:{title}"


def check_releasable(state: BatchState, preparer_id: str, releaser_id: str) -> None:
    """A draft, released by somebody who did not prepare it (duties separated, reliability R17)."""
    if state is not BatchState.DRAFT:
        raise WrongState("这个批次已经发布或撤回，请刷新后查看")
    if preparer_id == releaser_id:
        raise FourEyes()


def check_discardable(state: BatchState) -> None:
    """Only a draft can be thrown away: what people were told stays on record."""
    if state is not BatchState.DRAFT:
        raise WrongState("只有草稿可以删除；已发布的批次请使用“撤回”")


def check_recallable(state: BatchState) -> None:
    """Whatever was released can be taken back, even while it is being published."""
    if state not in (BatchState.RELEASED, BatchState.PUBLISHING, BatchState.PUBLISHED):
        raise WrongState("这个批次没有发布，无需撤回")
