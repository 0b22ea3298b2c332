"""People: persons, departments, roles and the Actor; the directory follows WeCom, dates of service come from HR.

Invariants: a userid has one normal form (lower case) and belongs to one person; somebody who left has no session;
nobody grants a role to themselves; what a role may do stands on the permissions page only.
"""

from services.people import contact, directory, grants, importing, listing, moving, profile, sessions, step_up
from services.people.actor import (
    Actor,
    AnyActor,
    System,
    by_id,
    by_userid,
    covers_all,
    departments_within,
    reports_of,
    within,
)
from services.people.addressing import accounts, department_tree, tag_names, userids
from services.people.events import Dated, Joined, Left, Moved
from services.people.permissions import ROLE_TITLES, Permission, Scope
from services.people.queries import (
    active_ids,
    at_home_in,
    audience,
    department_names,
    employed,
    get,
    heads_of,
    holders_of,
    homes,
    known_as,
    lineage,
    lineages,
    many,
    matching,
    named,
    superior_of,
    tags_of,
    tags_of_many,
    worked_since,
)
from services.people.schemas import PersonView
from services.people.sessions import Opened, tidy

__all__ = [
    "ROLE_TITLES",
    "Actor",
    "AnyActor",
    "Dated",
    "Joined",
    "Left",
    "Moved",
    "Opened",
    "Permission",
    "PersonView",
    "Scope",
    "System",
    "accounts",
    "active_ids",
    "at_home_in",
    "audience",
    "by_id",
    "by_userid",
    "contact",
    "covers_all",
    "department_names",
    "department_tree",
    "departments_within",
    "directory",
    "employed",
    "get",
    "grants",
    "heads_of",
    "holders_of",
    "homes",
    "importing",
    "known_as",
    "lineage",
    "lineages",
    "listing",
    "many",
    "matching",
    "moving",
    "named",
    "profile",
    "reports_of",
    "sessions",
    "step_up",
    "superior_of",
    "tag_names",
    "tags_of",
    "tags_of_many",
    "tidy",
    "userids",
    "within",
    "worked_since",
]
