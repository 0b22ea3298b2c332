"""Attendance: punches and what they make of a day.

Invariants: raw punches are only ever added, by the server's clock, once for each act; a day is judged by pure rules
from its plan, punches and leave, and can be judged again at any time with the same result; nothing is decided before
the day's window has closed; a month is the sum of its days.
"""

from services.attendance import shift_form, trip_form
from services.attendance.correcting import SUBJECT as CORRECTION
from services.attendance.correcting import (
    ask_correction,
    correction,
    corrections,
    evidence,
    export_corrections,
    my_corrections,
    on_decided,
    quota,
    withdraw_correction,
)
from services.attendance.days import board, day_of, month_of, my_day, my_month, today
from services.attendance.facts import plans_around
from services.attendance.geo import Datum
from services.attendance.listing import export_results, results
from services.attendance.punching import punch
from services.attendance.reminding import remind
from services.attendance.resettling import on_assigned, on_calendar_changed, settle_again
from services.attendance.schemas import (
    AskCorrection,
    BoardOut,
    BoardQuery,
    CodeOut,
    CorrectionDetail,
    CorrectionOut,
    CorrectionQuery,
    DayDetail,
    DayOut,
    DayQuery,
    MonthOut,
    MonthQuery,
    PlaceOut,
    PlaceWish,
    Punch,
    PunchOut,
    QuotaOut,
    ResultQuery,
    ResultRow,
    TodayOut,
    TotalsOut,
)
from services.attendance.settling import on_leave_changed, on_left, on_shifts_changed, settle, settle_one
from services.attendance.sites import add_place, change_place, place, places, renew_kiosk, retire_place, shown_at
from services.attendance.words import CORRECTIONS, DIRECTIONS, PRESENCES, VERDICTS

shift_form.plug()
trip_form.plug()

__all__ = [
    "CORRECTION",
    "CORRECTIONS",
    "DIRECTIONS",
    "PRESENCES",
    "VERDICTS",
    "AskCorrection",
    "BoardOut",
    "BoardQuery",
    "CodeOut",
    "CorrectionDetail",
    "CorrectionOut",
    "CorrectionQuery",
    "Datum",
    "DayDetail",
    "DayOut",
    "DayQuery",
    "MonthOut",
    "MonthQuery",
    "PlaceOut",
    "PlaceWish",
    "Punch",
    "PunchOut",
    "QuotaOut",
    "ResultQuery",
    "ResultRow",
    "TodayOut",
    "TotalsOut",
    "add_place",
    "ask_correction",
    "board",
    "change_place",
    "correction",
    "corrections",
    "day_of",
    "evidence",
    "export_corrections",
    "export_results",
    "month_of",
    "my_corrections",
    "my_day",
    "my_month",
    "on_assigned",
    "on_calendar_changed",
    "on_decided",
    "on_leave_changed",
    "on_left",
    "on_shifts_changed",
    "place",
    "places",
    "plans_around",
    "punch",
    "quota",
    "remind",
    "renew_kiosk",
    "results",
    "retire_place",
    "settle",
    "settle_again",
    "settle_one",
    "shown_at",
    "today",
    "withdraw_correction",
]
