"""Rosters: who of a department works what on which day, planned ahead, checked, published; shifts given to colleagues.

Invariants: a draft changes nobody's days; publishing is one conditional UPDATE and writes all days or none; a day that
is over is never planned anew; what the solver writes was judged by the rules that judge what people write.
"""

from services.rosters import access, market, shortfalls
from services.rosters.checking import check
from services.rosters.grids import grid
from services.rosters.keeping import add_minimum, keep, remove_minimum, rules_of
from services.rosters.planning import begin, clear, copy, departments, discard, rosters, write
from services.rosters.publishing import publish, reopen, take_back
from services.rosters.schemas import (
    CellsWish,
    CheckView,
    CopyWish,
    GridView,
    ImportRoster,
    MinimumWish,
    MyRoster,
    NewRoster,
    OfferView,
    OfferWish,
    PolicyWish,
    Publish,
    RosterLine,
    RulesView,
    Seen,
    SolveView,
    SolveWish,
)
from services.rosters.sheet import export, load
from services.rosters.shortfalls import shortfall
from services.rosters.solving import asking
from services.rosters.solving.asking import ask, failed, heard, progress
from services.rosters.solving.optimiser import solve

shortfalls.plug()

__all__ = [
    "CellsWish",
    "CheckView",
    "CopyWish",
    "GridView",
    "ImportRoster",
    "MinimumWish",
    "MyRoster",
    "NewRoster",
    "OfferView",
    "OfferWish",
    "PolicyWish",
    "Publish",
    "RosterLine",
    "RulesView",
    "Seen",
    "SolveView",
    "SolveWish",
    "access",
    "add_minimum",
    "ask",
    "asking",
    "begin",
    "check",
    "clear",
    "copy",
    "departments",
    "discard",
    "export",
    "failed",
    "grid",
    "heard",
    "keep",
    "load",
    "market",
    "progress",
    "publish",
    "remove_minimum",
    "reopen",
    "rosters",
    "rules_of",
    "shortfall",
    "solve",
    "take_back",
    "write",
]
