"""Drafts `tests/integration/permissions.toml` from the declarations, to be reviewed line by line before it is kept.

    python -m tools.permissions > tests/integration/permissions.toml

The file is the expectation, this is only its first draft: the test compares what the running product does with the
file. After a change, read the difference as you would read a change of rights.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask

import app as root
from entrypoints.http import OWN, PUBLIC
from kit import config
from models.enums import Role
from services.people.permissions import MANAGER, ROLES, Permission
from tests.support import settings

HEAD = """\
# Who is let in where (reliability R11): route = the roles that pass the gate; everybody else is refused.
#
# "everybody" needs no session, "staff" is whoever works here. Passing the gate is not yet seeing a row: which rows, is
# asked by the domain and tested there. A line that you add or change is a decision about rights: have it reviewed.
"""
SURFACES = ("/api/v1/", "/h5/", "/console/", "/")


def routes(product: Flask) -> Iterator[tuple[str, Any]]:
    """`GET /h5/leave` and its declaration, for every declared route."""
    for rule in product.url_map.iter_rules():
        declaration = getattr(product.view_functions[rule.endpoint], "declaration", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if declaration is not None:
                yield f"{method} {rule.rule}", declaration


def admitted(needs: Any) -> str:
    """The roles that a declaration lets in."""
    if needs in (PUBLIC, OWN):
        return "everybody" if needs is PUBLIC else "staff"
    return " ".join(_holders(needs))


def _holders(permission: Permission) -> list[str]:
    managers = ["manager"] if permission in MANAGER else []
    return managers + [role.value for role in Role if permission in ROLES[role]]


def draft(product: Flask) -> str:
    """The whole file, by surface and path."""
    lines, rest = [HEAD], dict(routes(product))
    for surface in SURFACES:
        here = sorted((r for r in rest if r.split()[1].startswith(surface)), key=lambda r: (r.split()[1], r))
        lines += ["", f"[{surface.strip('/').partition('/')[0] or 'open'}]"]
        lines += [f'"{route}" = "{admitted(rest.pop(route).needs)}"' for route in here]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(draft(root.create_app(config.parse(settings.values("sqlite:////dev/null"), "tools"))), end="")
