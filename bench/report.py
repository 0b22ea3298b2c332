"""Figures as ratios, each with its spread and target, in one table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A ratio measured in several rounds, `target` being its least or, with `at_most`, its largest allowed value."""

    name: str
    against: str
    values: Sequence[float]
    target: float | None = None
    at_most: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        """Whether the median reaches the target, if there is one."""
        if self.target is None:
            return True
        return self.median <= self.target if self.at_most else self.median >= self.target


NOTES = ("SQL", "CPU ×")
HEAD = ("operation", "against", "ratio (min–max)", "target", "", *NOTES)


def table(title: str, figures: Sequence[Figure]) -> str:
    """The figures as a table for a terminal."""
    rows = [HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([f"== {title}", *lines])


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≤" if figure.at_most else "≥"
    target = "" if figure.target is None else f"{sign} {number(figure.target)}"
    verdict = "" if figure.target is None else "met" if figure.is_met else "SHORT"
    spread = f"{number(figure.median)} ({number(min(figure.values))}–{number(max(figure.values))})"
    return (figure.name, figure.against, spread, target, verdict, *(figure.notes.get(note, "") for note in NOTES))


def number(value: float) -> str:
    """Three figures that matter."""
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
