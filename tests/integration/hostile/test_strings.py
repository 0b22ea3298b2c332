"""Hostile text in every field of every body and query: refused in words and without effect, or kept as mere text.

Each field meets the live strings and a share of the others that differs from field to field; `HOSTILE=all` gives every
field every string.
"""

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.base import db
from models.enums import PromiseState
from models.platform import Promise
from tests.integration.hostile.attack import Watch, undone
from tests.integration.hostile.routes import SURFACES, Visit, is_text, text_fields, visits
from tests.integration.hostile.strings import EVERY, LIVE
from tests.integration.hostile.world import World

SHARE = 1 if os.environ.get("HOSTILE") == "all" else 24
RISKY = re.compile(r"^[=+\-@\t\r]")


def attacks(visit: Visit, place: str) -> Iterator[tuple[str, str]]:
    """Each field with its strings."""
    model = visit.declaration.body if place == "body" else visit.declaration.query
    for name in text_fields(model):
        at = sum(map(ord, visit.route + name)) % SHARE
        live = LIVE if model and is_text(model.model_fields[name]) else ()
        yield from ((name, text) for text in dict.fromkeys((*live, *EVERY[at::SHARE])))


def send(world: World, visit: Visit, place: str, name: str, text: str) -> TestResponse:
    if place == "body":
        return visit.pay(world, body={**visit.body, name: text})
    return visit.pay(world, query={**visit.query, name: text})


@pytest.mark.parametrize("place", ["body", "query"])
@pytest.mark.parametrize("prefix", [*SURFACES])
def test_hostile_text_is_refused_without_effect_or_accepted(world: World, place: str, prefix: str) -> None:
    watch = Watch()
    for visit in visits(world):
        if visit.path.startswith(prefix):
            with watch.unchanged(visit):
                for name, text in attacks(visit, place):
                    attack(watch, world, visit, place, name, text)
    watch.check()


def attack(watch: Watch, world: World, visit: Visit, place: str, name: str, text: str) -> None:
    """One attack; its effect is taken back only where it may have one, and otherwise noticed."""
    with undone() as point:
        response = send(world, visit, place, name, text)
        watch.note(visit, (name, text), response)
        if not visit.may_change(response):
            point.keep()


@pytest.mark.parametrize("text", LIVE)
def test_what_was_kept_is_shown_sent_and_exported_as_text(world: World, drain: Callable[[], int], text: str) -> None:
    watch, every, kept = Watch(), visits(world), 0
    for visit in every:
        if visit.method != "GET" and not visit.ends_something:
            for name in text_fields(visit.declaration.body):
                with undone() as point:
                    response = send(world, visit, "body", name, text)
                    watch.note(visit, (name, text), response)
                    if response.status_code < 400:
                        point.keep()
                        kept += 1
    assert kept > 20
    drain()
    watch.wrong += [f"not sent: {promise.kind} {promise.last_error}" for promise in failed()]
    for visit in every:
        if visit.method == "GET":
            for form in visit.forms:
                response = visit.pay(world, query={**visit.query, **form})
                watch.note(visit, form, response)
                watch.wrong += [f"{visit.route} {form}: {cell}" for cell in risky_cells(response)]
    watch.check()


def failed() -> list[Promise]:
    """What could not be done for good, but for the one that the company began with."""
    over = Promise.state.in_((PromiseState.DEAD, PromiseState.REFUSED))
    return list(db.session.scalars(select(Promise).where(over, Promise.kind != "notices.nothing")))


def risky_cells(response: TestResponse) -> Iterator[str]:
    """Cells of a file that a spreadsheet would run."""
    if response.mimetype == "text/csv":
        for line in csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))):
            yield from (cell for cell in line if RISKY.match(cell) and not re.fullmatch(r"-?\d+(\.\d+)?", cell))
    elif "spreadsheetml" in (response.mimetype or ""):
        with zipfile.ZipFile(io.BytesIO(response.data)) as book:
            for part in book.namelist():
                if part.startswith("xl/worksheets/") and b"<f" in book.read(part).replace(b"<formula", b""):
                    yield f"a formula in {part}"
