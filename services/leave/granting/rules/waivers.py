"""What somebody declares who gives up statutory days, by version of its words. Pure.

A declaration in writing for personal reasons leaves only the normal wage to pay (Decree 1 of 2008 art. 10 par. 2). The
company arranged the leave and the employee does not want it: without the first, the second changes nothing, so the
words say both.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

TEXTS = {
    1: "公司已安排本人休 {year} 年的法定{kind}，本人因个人原因（{reason}）自愿不休其中 {days} 天。"
    "本人知道：这些天到期后公司只支付正常工作的工资，不另付日工资的 200%"
    "（《企业职工带薪年休假实施办法》第十条第二款）；{expires_on} 及以前本人可以随时撤回，也仍然可以休这些天。",
}
CURRENT = max(TEXTS)


@dataclass(frozen=True)
class Declared:
    """The facts of a declaration."""

    kind: str
    year: int
    days: Decimal
    expires_on: date
    reason: str


def text(said: Declared, version: int = CURRENT) -> str:
    """What is declared, word by word."""
    return TEXTS[version].format(
        kind=said.kind,
        year=said.year,
        days=f"{said.days.normalize():f}",
        expires_on=said.expires_on.isoformat(),
        reason=said.reason,
    )


def most(rest: int, waived: int, day_minutes: int) -> Decimal:
    """The days that can still be given up: what is left and not given up yet, in half days, cut; never below none."""
    halves = int(Fraction(max(0, rest - waived) * 2, day_minutes))
    return Decimal(halves) / 2
