"""WeCom's twin: its HTTP API, its callbacks, and a page with chats, cards and a phone frame.

`Twin` is the corporation in memory; `create_app(twin)` speaks WeCom's protocol for it and draws the page. It knows the
protocol from its description only and shares nothing with the product but `kit`, so that neither can hide the other's
mistakes.
"""

from simulator.app import create_app
from simulator.callbacks import Delivery
from simulator.faults import Cut, TimedOut
from simulator.hands import CannotTap, Seen
from simulator.twin import Call, Twin
from simulator.world import Agent, Member, World

__all__ = [
    "Agent",
    "Call",
    "CannotTap",
    "Cut",
    "Delivery",
    "Member",
    "Seen",
    "TimedOut",
    "Twin",
    "World",
    "create_app",
]
