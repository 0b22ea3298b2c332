"""What a roster has to keep to, and whether it does. Pure: people, days and shifts in, unmet rules out."""

from services.rosters.rules.board import Away, Board, Place, Policy
from services.rosters.rules.fairness import Burden, burdens, is_night
from services.rosters.rules.gaps import Gap, gaps, present
from services.rosters.rules.minima import MEAL, Minimum, counted, pieces
from services.rosters.rules.rest import rest_between

__all__ = [
    "MEAL",
    "Away",
    "Board",
    "Burden",
    "Gap",
    "Minimum",
    "Place",
    "Policy",
    "burdens",
    "counted",
    "gaps",
    "is_night",
    "pieces",
    "present",
    "rest_between",
]
