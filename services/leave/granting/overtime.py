"""Overtime to be made up for by time off: what the form "overtime" does to leave when it is approved.

Nothing is given when the form asks for pay instead, or when HR has designed it so that it says no hours.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from kit.errors import AppError, Conflict
from models.base import db
from models.leave import LeaveLot
from services import forms, schedule
from services.forms import Filed, Quote, Values
from services.leave import ledger
from services.leave.granting import compensatory, mothers
from services.leave.granting.rules import extra_work
from services.leave.granting.rules.extra_work import Piece
from services.leave.ledger import REST, Correction

FORM, TIME_OFF, HOUR = "overtime", "调休", 60
DAY, DAY_KIND, BEGINS, HOURS, WANTS = "day", "day_kind", "begins", "hours", "wants"


class Overtime:
    """The effect of the form: a lot of time off, good from the day worked; taken back whole or not at all.

    Whatever it asks for, no hour is worked twice, the day is what the calendar says, and mothers are protected.
    """

    needs = frozenset({DAY, HOURS, WANTS})

    def quote(self, filed: Filed) -> Quote:
        """What the approval would bring, or why it cannot."""
        try:
            _check(filed)
            return Quote(_rows(filed))
        except AppError as refusal:
            return Quote(refusal=refusal)

    def apply(self, filed: Filed) -> None:
        """Gives the time off; once for a form. `Conflict` when the same hours were approved meanwhile."""
        ledger.lock(filed.person_id)
        extra_work.check_hours(_piece(filed.values), _others(filed, forms.approved(filed.person_id, FORM)))
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


def _check(filed: Filed) -> None:
    day, kind = _day(filed), schedule.day(filed.person_id, _day(filed)).kind
    if forbidden := extra_work.protection(day, mothers.births(filed.person_id)):
        raise forbidden
    extra_work.check_day(filed.values.get(DAY_KIND), kind)
    extra_work.check_begins(filed.values.get(BEGINS))
    others = _others(filed, forms.standing(filed.person_id, FORM))
    extra_work.check_hours(_piece(filed.values), others)
    extra_work.check_sum(_piece(filed.values), kind, others)


def _others(filed: Filed, known: Mapping[str, Values]) -> list[Piece]:
    return [_piece(values) for request_id, values in known.items() if request_id != filed.request_id]


def _piece(values: Values) -> Piece:
    minutes = int(Decimal(values.get(HOURS) or 0) * HOUR)
    return Piece(date.fromisoformat(values[DAY]), minutes, extra_work.minute_of(values.get(BEGINS) or ""))


def _rows(filed: Filed) -> tuple[tuple[str, str], ...]:
    minutes = _minutes(filed)
    if not minutes:
        return ()
    lot = compensatory.due(filed.person_id, minutes, _day(filed), "")
    until = f"{lot.expires_on.year}年{lot.expires_on.month}月{lot.expires_on.day}日"
    return (("批准后", f"得{TIME_OFF} {Decimal(minutes) / HOUR:f} 小时，{until}前有效"),)


def _minutes(filed: Filed) -> int:
    """The minutes of time off that the form asks for; none when it asks for pay."""
    return _piece(filed.values).minutes if filed.values.get(WANTS) == TIME_OFF else 0


def _day(filed: Filed) -> date:
    return date.fromisoformat(filed.values[DAY])


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, Overtime())
