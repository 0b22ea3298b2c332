"""Odd questions to lists: counts, cursors, orders, doubled and unknown parameters (reliability R67)."""

import base64
import json
from collections.abc import Iterator

from tests.integration.hostile.attack import Watch
from tests.integration.hostile.routes import Visit, visits
from tests.integration.hostile.world import World

LIMITS = ("-1", "0", "101", str(10**20), "1e3", "1.5", "x", "NaN", "1 OR 1=1")
SORTS = ("salary", "-", "name;", "(select 1)", "id desc", "__class__", "sealed", "-csrf", "name,userid")
UNKNOWN = (
    "person_id",
    "userid",
    "page",
    "offset",
    "where",
    "filter[salary]",
    "fields",
    "include",
    "__proto__",
    "order_by",
)


def cursor(position: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


CURSORS = (
    "x", "é", "AAAA", "%00", "=" * 8, "a" * 401, "W10", cursor([]),
    cursor({}), cursor(None), cursor([None]), cursor([1] * 9),
    cursor("x"), cursor([10**30]), cursor([10**30, 10**30]), cursor(["x", "y"]), cursor([[["x"]]]), cursor([True]),
    cursor(["2026-02-30", "x"]), cursor(["\ud800", "x"]),
    cursor(["9999-12-31T23:59:59+14:00", "x"]), cursor([1e308, "x"]),
)  # fmt: skip


def questions(visit: Visit) -> Iterator[tuple[str, object]]:
    """Each parameter of the list with what does not fit it."""
    assert visit.declaration.query
    known = visit.declaration.query.model_fields
    yield from (("limit", one) for one in LIMITS if "limit" in known)
    yield from (("sort", one) for one in SORTS if "sort" in known)
    yield from ((name, "1") for name in UNKNOWN if name not in known)
    yield from ((name, ["a", "b"]) for name in known)


def test_odd_questions_are_refused(world: World) -> None:
    watch = Watch()
    for visit in visits(world):
        if visit.declaration.query is None or "/login" in visit.path or visit.path.endswith("/step-up"):
            continue
        with watch.unchanged(visit):
            for name, value in questions(visit):
                watch.refused(visit, (name, value), visit.pay(world, query={**visit.query, name: value}))
            if "cursor" in visit.declaration.query.model_fields:
                for one in CURSORS:
                    watch.note(visit, one, visit.pay(world, query={**visit.query, "cursor": one}))
    watch.check()


def test_one_page_follows_another_in_every_order(world: World) -> None:
    """A cursor of one order is none of another: it is refused or answered, and never crashes."""
    watch = Watch()
    for visit in visits(world):
        fields = visit.declaration.query.model_fields if visit.declaration.query else {}
        if "cursor" not in fields:
            continue
        for position in (
            ["x", "01J00000000000000000000000"],
            [1, "x"],
            ["2026-03-01", 1],
            ["2026-03-01T00:00:00+00:00", "x"],
            [1],
            ["x"],
        ):
            watch.note(visit, position, visit.pay(world, query={**visit.query, "cursor": cursor(position)}))
    watch.check()
