"""Lists as files, for HR lives in Excel: the same rows as `.xlsx` or `.csv`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from entrypoints.results import Download
from kit import clock, workbook


def file(title: str, header: Sequence[str], rows: Iterable[Sequence[object]], form: str) -> Download:
    """The list as a file named after it; `form` is "csv" or "xlsx"."""
    if form == "csv":
        return Download(f"{title}.csv", workbook.write_csv(header, rows), "text/csv")
    return Download(f"{title}.xlsx", workbook.write(title, header, rows), workbook.MEDIA_TYPE)


def at(instant: datetime | None) -> str:
    """An instant as a spreadsheet sorts it, in company time; empty when there is none."""
    return f"{clock.local(instant):%Y-%m-%d %H:%M}" if instant else ""
