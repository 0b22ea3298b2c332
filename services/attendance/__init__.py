"""Attendance: punches and what they make of a day.

Invariants: raw punches are only ever added, by the server's clock, once for each act; a day is judged by pure rules
from its plan, punches and leave, and can be judged again at any time with the same result; nothing is decided before
the day's window has closed; a month is the sum of its days.
"""

from services.attendance import overtime, shift_form, trip_form
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
from services.attendance.events import MonthReopened
from services.attendance.facts import plans_around
from services.attendance.geo import Datum
from services.attendance.listing import export_results, results
from services.attendance.months import asking, closing, confirming, counting
from services.attendance.months import board as month_board
from services.attendance.months import payroll as month_figures
from services.attendance.months import schemas as month_wishes
from services.attendance.months.words import NAMES as FIGURES
from services.attendance.months.words import SHEETS
from services.attendance.punches import cases, checkins, fields, machines, remote_form
from services.attendance.punches import words as punch_words
from services.attendance.punches.schemas import (
    AnswerCase,
    ApplyMachine,
    CaseOut,
    CaseQuery,
    CheckMachine,
    CodeOut,
    DecideCase,
    DecidedOut,
    DecideFields,
    FieldOut,
    FieldQuery,
    MachineOut,
    PlaceOut,
    PlaceWish,
    Punch,
    PunchOut,
    Way,
)
from services.attendance.punches.taking import punch
from services.attendance.punches.watching import watch
from services.attendance.reminding import remind
from services.attendance.resettling import check_week, on_assigned, on_calendar_changed, settle_again
from services.attendance.schemas import (
    AskCorrection,
    BoardOut,
    BoardQuery,
    CorrectionDetail,
    CorrectionOut,
    CorrectionQuery,
    DayDetail,
    DayOut,
    DayQuery,
    MonthOut,
    MonthQuery,
    QuotaOut,
    ResultQuery,
    ResultRow,
    TodayOut,
    TotalsOut,
)
from services.attendance.settling import on_leave_changed, on_left, on_shifts_changed, settle, settle_one
from services.attendance.sites import add_place, change_place, place, places, renew_kiosk, retire_place, shown_at
from services.attendance.words import CORRECTIONS, DIRECTIONS, PRESENCES, VERDICTS
from services.attendance.working_time import end_working_time, set_working_time, working_times

overtime.plug()
remote_form.plug()
shift_form.plug()
trip_form.plug()

__all__ = [
    "CORRECTION",
    "CORRECTIONS",
    "DIRECTIONS",
    "FIGURES",
    "PRESENCES",
    "SHEETS",
    "VERDICTS",
    "AnswerCase",
    "ApplyMachine",
    "AskCorrection",
    "BoardOut",
    "BoardQuery",
    "CaseOut",
    "CaseQuery",
    "CheckMachine",
    "CodeOut",
    "CorrectionDetail",
    "CorrectionOut",
    "CorrectionQuery",
    "Datum",
    "DayDetail",
    "DayOut",
    "DayQuery",
    "DecideCase",
    "DecideFields",
    "DecidedOut",
    "FieldOut",
    "FieldQuery",
    "MachineOut",
    "MonthOut",
    "MonthQuery",
    "MonthReopened",
    "PlaceOut",
    "PlaceWish",
    "Punch",
    "PunchOut",
    "QuotaOut",
    "ResultQuery",
    "ResultRow",
    "TodayOut",
    "TotalsOut",
    "Way",
    "add_place",
    "ask_correction",
    "asking",
    "board",
    "cases",
    "change_place",
    "check_week",
    "checkins",
    "closing",
    "confirming",
    "correction",
    "corrections",
    "counting",
    "day_of",
    "end_working_time",
    "evidence",
    "export_corrections",
    "export_results",
    "fields",
    "machines",
    "month_board",
    "month_figures",
    "month_of",
    "month_wishes",
    "my_corrections",
    "my_day",
    "my_month",
    "on_assigned",
    "on_calendar_changed",
    "on_decided",
    "on_leave_changed",
    "on_left",
    "on_shifts_changed",
    "overtime",
    "place",
    "places",
    "plans_around",
    "punch",
    "punch_words",
    "quota",
    "remind",
    "renew_kiosk",
    "results",
    "retire_place",
    "set_working_time",
    "settle",
    "settle_again",
    "settle_one",
    "shown_at",
    "today",
    "watch",
    "withdraw_correction",
    "working_times",
]
