"""Rules about people: pure, told everything they need."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

from kit.errors import Conflict, Forbidden, Invalid
from models.enums import Role

USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")
PIN = re.compile(r"[0-9]{6}")
FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=5)
LONGEST_LOCK = timedelta(days=1)


class SuspiciousSnapshot(Conflict):
    """A snapshot that would empty the company; the directory was most likely read with too narrow a view."""

    code = "people.suspicious_snapshot"
    default_title = "通讯录返回的人数异常偏少，已停止同步；请检查应用的可见范围，确认无误后由管理员强制同步"


class OwnGrant(Forbidden):
    """Nobody grants or revokes their own roles."""

    code = "people.own_grant"
    default_title = "不能给自己授予或撤销角色，请由另一位管理员操作"


class IncompatibleRoles(Conflict):
    """Two roles that one person may not hold together."""

    code = "people.incompatible_roles"


def normal_userid(text: str) -> str | None:
    """The one form of a userid that is stored and compared; `None` for what can be no userid.

    WeCom compares userids without case. Only ASCII is folded, so no other letter can become one of ours.
    """
    return text.lower() if USERID.fullmatch(text) else None


def paths(parents: Mapping[int, int]) -> dict[int, str]:
    """Each department's path from the top ("/1/5/"), given everybody's parent.

    The top of what we may see can name a parent that is unknown; a circle is cut where it closes.
    """
    return {number: "/" + "".join(f"{step}/" for step in _upward(number, parents)) for number in parents}


def _upward(number: int, parents: Mapping[int, int]) -> list[int]:
    steps: list[int] = []
    while number in parents and number not in steps:
        steps.insert(0, number)
        number = parents[number]
    return steps


def would_empty(known: int, present: int) -> bool:
    """Would fewer than half of the people known remain? Then it is a fault of reading, not a wave of leaving."""
    return known > 0 and present * 2 < known


def home_of(departments: Iterable[int], main: int | None, known: Mapping[int, str]) -> str | None:
    """The id of the department a person counts for: the main one, else the first that we know."""
    ranked = [main, *departments] if main is not None else list(departments)
    return next((known[number] for number in ranked if number in known), None)


def superior_in(userid: str, told: Iterable[str]) -> str | None:
    """Whom WeCom names first as direct superior, other than the person."""
    named = (normal_userid(one) for one in told)
    return next((one for one in named if one and one != userid), None)


def incompatible_with(role: Role, held: Iterable[Role], incompatible: Iterable[frozenset[Role]]) -> Role | None:
    """The role already held that this one may not be joined with, if any."""
    return next((other for other in held for pair in incompatible if pair == {role, other} and other != role), None)


def check_pin(pin: str) -> None:
    """`Invalid` unless the PIN is six digits that nobody tries first."""
    if not PIN.fullmatch(pin):
        raise Invalid(errors=[{"field": "pin", "message": "请设置 6 位数字"}])
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if (len(steps) == 1 and steps <= {0, 1, 9}) or pin[:3] == pin[3:]:
        raise Invalid(errors=[{"field": "pin", "message": "太容易被猜到，请避免重复或连续的数字"}])


def lock_after(failures: int) -> timedelta | None:
    """How long nobody may try after this many failures in a row: nothing for four, then five minutes, doubling."""
    if failures < FREE_TRIES:
        return None
    doublings = min(failures - FREE_TRIES, 12)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)
