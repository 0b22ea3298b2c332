"""Who may treat months: the whole company's is closed by nobody whose right ends at a department."""

from kit.errors import Forbidden
from services import people
from services.people import Actor, Permission


def require_all(actor: Actor, permission: Permission) -> None:
    """`Forbidden` unless the right covers everybody."""
    actor.require(permission)
    if not people.covers_all(actor, permission):
        raise Forbidden("月度考勤是全公司的，请联系负责全公司考勤的人事")
