"""Rosters are made here, by a worker: the problem is read, then thought about without any transaction."""

from collections.abc import Callable
from typing import Any

import wecom
from kit.errors import Conflict
from services import platform, rosters

Payload = dict[str, Any]


def solve(_client: wecom.Client, payload: Payload) -> Payload:
    """What the solver finds, within its time; nothing when nobody waits for it any more."""
    solve_id = str(payload["solve"])
    if not rosters.asking.is_there():
        raise Conflict("工作进程没有安装自动排班组件")
    problem = platform.transact(lambda: rosters.asking.begin(solve_id))
    if problem is None:
        return {}
    found = rosters.solve(problem, lambda stage: platform.transact(lambda: rosters.asking.note(solve_id, stage)))
    return rosters.asking.answer(found)


KEPT: dict[str, Callable[[wecom.Client, Payload], Payload]] = {"rosters.solve": solve}
"""Promise kind → what keeps it."""
