"""The catalogue: everything somebody can ask for, whichever domain decides what comes of it, in one list."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Annotated

from pydantic import Field

from kit.schema import Line, View, Wish
from services import attendance, forms, leave
from services.forms import FormLine
from services.people import Actor

__all__ = ["CatalogueQuery", "Entry", "Group", "catalogue"]

TIME = "时间"


class CatalogueQuery(Wish):
    """Words to look for in titles, notes and groups."""

    q: Annotated[Line, Field(max_length=64)] | None = None


class Entry(View):
    """Something that can be asked for. `subject` is what approvals call it; whoever shows it knows its place."""

    subject: str
    title: str
    icon: str
    note: str


class Group(View):
    """Entries that belong together."""

    title: str
    entries: list[Entry]


def catalogue(actor: Actor, query: CatalogueQuery) -> list[Group]:
    """What the actor may ask for, in groups; with words, only what speaks of them."""
    words = (query.q or "").casefold()
    offered = [*_leave(), *_corrections(), *_forms(actor)]
    found = [(group, entry) for group, entry in offered if words in f"{group} {entry.title} {entry.note}".casefold()]
    order = list(dict.fromkeys(group for group, _ in offered))
    found.sort(key=lambda one: order.index(one[0]))
    grouped = groupby(found, key=itemgetter(0))
    return [Group(title=title, entries=[entry for _, entry in some]) for title, some in grouped]


def _leave() -> Iterable[tuple[str, Entry]]:
    kinds = "、".join(kind.name for kind in leave.kinds())
    yield TIME, Entry(subject=leave.LEAVE, title="请假", icon="假", note=kinds)


def _corrections() -> Iterable[tuple[str, Entry]]:
    yield TIME, Entry(subject=attendance.CORRECTION, title="补卡", icon="补", note="漏打了上班或下班卡，申请补一次")


def _forms(actor: Actor) -> Iterable[tuple[str, Entry]]:
    for line in forms.forms(actor):
        yield line.group, _entry(line)


def _entry(line: FormLine) -> Entry:
    subject = f"{forms.FAMILY}:{line.code}"
    return Entry(subject=subject, title=line.title, icon=line.icon, note=line.note)
