"""How long things last: cards, urging, delegations; and which requests are alive."""

from datetime import datetime, timedelta

from models.enums import InstanceState

CARD_LIVES = timedelta(days=14)
URGE_PAUSE = timedelta(hours=4)
LONGEST_DELEGATION = timedelta(days=180)
NO_REASON = "（卡片驳回，未填写理由）"
ALIVE = frozenset({InstanceState.PENDING, InstanceState.RETURNED})
"""A request that has not ended."""


def is_expired(expires_at: datetime, now: datetime) -> bool:
    """Has the card's action outlived itself?"""
    return now >= expires_at
