"""Who may decide about comparing and writing: it concerns everybody, so HR of one department may only look."""

from kit.errors import Forbidden
from services import people
from services.people import AnyActor, Permission


def may_decide(actor: AnyActor) -> bool:
    """Holds the permission for the whole company."""
    return actor.may(Permission.LEAVE_DRIFT_PUSH) and people.covers_all(actor, Permission.LEAVE_DRIFT_PUSH)


def require_company(actor: AnyActor) -> None:
    """`Forbidden` unless the actor may decide for the whole company."""
    actor.require(Permission.LEAVE_DRIFT_PUSH)
    if not may_decide(actor):
        raise Forbidden("对账和写入的设置涉及全公司，请联系负责全公司的人事")
