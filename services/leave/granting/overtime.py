"""Overtime to be made up for by time off: what the form "overtime" does to leave when it is approved.

Nothing happens when the form asks for pay instead, or when HR has designed it so that it says no hours.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from kit.errors import AppError, Conflict
from models.base import db
from models.leave import LeaveLot
from services import forms
from services.forms import Filed, Quote
from services.leave import ledger
from services.leave.granting import compensatory
from services.leave.ledger import REST, Correction

FORM, TIME_OFF, HOUR = "overtime", "调休", 60
DAY, HOURS, WANTS = "day", "hours", "wants"


class Overtime:
    """The effect of the form: a lot of time off, good from the day worked; taken back whole or not at all."""

    needs = frozenset({DAY, HOURS, WANTS})

    def quote(self, filed: Filed) -> Quote:
        """What the approval would bring, or why it cannot."""
        minutes = _minutes(filed)
        if not minutes:
            return Quote()
        try:
            lot = compensatory.due(filed.person_id, minutes, _day(filed), "")
        except AppError as refusal:
            return Quote(refusal=refusal)
        until = f"{lot.expires_on.year}年{lot.expires_on.month}月{lot.expires_on.day}日"
        return Quote((("批准后", f"得{TIME_OFF} {Decimal(minutes) / HOUR:f} 小时，{until}前有效"),))

    def apply(self, filed: Filed) -> None:
        """Gives the time off; once for a form."""
        if minutes := _minutes(filed):
            compensatory.grant_compensatory(filed.person_id, minutes, _day(filed), filed.request_id)

    def undo(self, filed: Filed) -> None:
        """Takes it back; `Conflict` when some of it is used."""
        ledger.lock(filed.person_id)
        lots = select(LeaveLot.id, LeaveLot.kind_code, REST.label("rest"))
        lot = db.session.execute(lots.where(LeaveLot.grant_key == compensatory.key_of(filed.request_id))).first()
        if lot is None:
            return
        if lot.rest < _minutes(filed):
            raise Conflict("这次加班换的调休已经用掉一部分，请先销假再作废")
        sentence = f"作废“{filed.title}”，收回加班换的调休"
        ledger.correct([Correction(lot.id, filed.person_id, lot.kind_code, -int(lot.rest), sentence)], forms.FAMILY)


def _minutes(filed: Filed) -> int:
    if filed.values.get(WANTS) != TIME_OFF:
        return 0
    return int(Decimal(filed.values.get(HOURS, 0)) * HOUR)


def _day(filed: Filed) -> date:
    return date.fromisoformat(filed.values[DAY])


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, Overtime())
