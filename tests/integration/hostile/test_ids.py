"""Ids that are not for whoever asks: other people's, other kinds', malformed, very long; all look like missing ones."""

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from models.enums import Surface
from tests.integration.hostile.attack import Watch, undone
from tests.integration.hostile.routes import Visit, declared, visits
from tests.integration.hostile.world import World

MISSING = "01J00000000000000000000000"
ODD = (
    "0", "-1", "null", "x" * 3000, "%00", "%ff%fe", "..%2f..%2fetc", "a%2Fb", "%252e%252e", "*", "'%20OR%201=1--",
    "%F0%A0%AE%B7", "01j00000000000000000000000", "٠" * 26, "{{7*7}}", "%0d%0aSet-Cookie:a=1", "[]", ";", "%20",
)  # fmt: skip
KIN = (
    {"draft", "scheduled", "notice_id"}, {"batch_id", "prepared"}, {"department", "department_id"}, {"shift_id"},
    {"ended", "questioned", "returned", "instance_id"}, {"approved", "covered_id", "request_id", "subject_id"},
    {"form_task", "task_id"}, {"doubted_report", "report_id"}, {"dated_kind_draft", "kind_draft"},
    {"in_force", "roster_id"},
)  # fmt: skip
# Han is the delegate, who may give a delegation back, and gives the shift that Li may take
CONCERNS_HAN = ("<string:delegation_id>", "<string:offer_id>/take")
REASSURED = re.compile(rb"[0-9A-HJKMNP-TV-Z]{26}")


def with_id(visit: Visit, world: World, wrong: str) -> Iterator[str]:
    """The path with each of its ids replaced."""
    for own in {*world.ids.values()}:
        if own in visit.path.split("/"):
            yield "/".join(wrong if part == own else part for part in visit.path.split("/"))


def with_ids(world: World) -> list[Visit]:
    rules = {f"{method} {rule.rule}" for rule, method, _ in declared(world.app) if rule.arguments}
    return [visit for visit in visits(world) if visit.route in rules]


def said(response: TestResponse) -> tuple[int, bytes]:
    return response.status_code, REASSURED.sub(b"", response.data)


def test_malformed_ids_are_missing(world: World) -> None:
    watch = Watch()
    for visit in with_ids(world):
        with watch.unchanged(visit):
            for wrong in (MISSING, *ODD[sum(map(ord, visit.route)) % 2 :: 2]):
                for path in with_id(visit, world, wrong):
                    watch.refused(visit, wrong, visit.pay(world, path=path))
    watch.check()


def test_ids_of_other_things_are_missing(world: World) -> None:
    """A person's id is no request, a request's id no task; what is there for another use looks like nothing at all."""
    watch = Watch()
    strangers = {name: one for name, one in world.ids.items() if re.fullmatch(r"[0-9A-Z]{26}", one)}
    for visit in with_ids(world):
        shared = {"subject_id", "subject", "code", "name"}
        with watch.unchanged(visit):
            for name, one in strangers.items():
                if one in visit.path or f"<string:{name}>" in visit.route or name in shared:
                    continue
                for path in with_id(visit, world, one):
                    if not _fits(visit, world, name):
                        watch.refused(visit, name, visit.pay(world, path=path))
    watch.check()


def _fits(visit: Visit, world: World, name: str) -> bool:
    """Is the visited thing of the same sort? Drafts of many sorts share a parameter, so its name does not tell."""
    return any(name in names and any(world.ids[other] in visit.path.split("/") for other in names) for names in KIN)


def test_other_peoples_things_look_like_missing_ones(world: World) -> None:
    """Han has nothing in common with Li's things but the notice that both received, and the form both may fill in.

    For what does concern Han it is the auditor who comes.
    """
    watch = Watch()
    for visit in with_ids(world):
        if visit.who not in ("li", "boss") or visit.surface is Surface.CONSOLE or "notice" in visit.path:
            continue
        if "kiosk" in visit.path or "person_id" in visit.route or "/forms/<string:code>" in visit.route:
            continue
        who = "auditor" if any(part in visit.route for part in CONCERNS_HAN) else "han"
        with watch.unchanged(visit):
            with undone() as point:
                theirs = visit.pay(world, userid=who)
                point.keep()
            (missing,) = {said(visit.pay(world, path=path, userid=who)) for path in with_id(visit, world, MISSING)}
            watch.refused(visit, who, theirs)
            if said(theirs) != missing:
                watch.wrong.append(f"{visit.route}: not like missing: {said(theirs)[0]} and {missing[0]}")
    watch.check()
