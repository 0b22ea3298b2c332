"""Ready-made chains: data that HR picks for a subject and changes to their needs (chains.toml)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from kit.errors import Invalid
from kit.schema import Line, Wish
from services.approvals import flows
from services.approvals.design.schemas import ReadyMade
from services.approvals.flows import Subject
from services.approvals.rules.chains import Chain, Node

DATA = Path(__file__).with_name("chains.toml")


class Entry(Wish):
    """A chain of the file, with what it is called and good for."""

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]
    title: Line
    about: Line
    nodes: tuple[Node, ...]

    @property
    def chain(self) -> Chain:
        """The chain itself, checked as any other."""
        return Chain(nodes=self.nodes)


@cache
def entries() -> tuple[Entry, ...]:
    """Every chain of the file."""
    listed = tomllib.loads(DATA.read_text(encoding="utf-8"))["chain"]
    return tuple(Entry.model_validate(one) for one in listed)


def ready_made(subject: str) -> list[ReadyMade]:
    """The chains that a subject can take as they are: it tells all that they look at, and asks all that they leave to
    the applicant."""
    taker = flows.subject_of(subject)
    offered = [one for one in entries() if _fits(one.chain, taker)]
    return [
        ReadyMade(code=one.code, title=one.title, about=one.about, definition=flows.text_of(one.chain))
        for one in offered
    ]


def _fits(chain: Chain, taker: Subject) -> bool:
    try:
        taker.check(chain)
    except Invalid:
        return False
    return True
