"""Who of many people is on leave at an instant, and until when: for approvals, who ask somebody else meanwhile.

What counts are the stored stretches of approved leave, so days given back do not, nor does a day worked in its midst;
kinds that are work (a trip, an errand) are no absence. Which leave it is, is not told.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from kit import clock
from models.enums import LeaveState
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import approvals, platform
from services.approvals import Away
from services.leave import gaps
from services.leave.answers.rules.away import Span, running
from services.leave.rulebook.catalog import VERSION, as_of


def _spans() -> Any:
    first, last = aliased(LeaveSegment), aliased(LeaveSegment)
    ours = LeaveSegment.request_id == LeaveRequest.id
    begins = select(func.min(LeaveSegment.day)).where(ours).correlate(LeaveRequest).scalar_subquery()
    ends = select(func.max(LeaveSegment.day)).where(ours).correlate(LeaveRequest).scalar_subquery()
    columns = (
        LeaveRequest.person_id, LeaveRequest.gaps, first.day, first.start, last.day.label("last_day"), last.end,
        *VERSION,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(LeaveRequest)
        .join(first, (first.request_id == LeaveRequest.id) & (first.day == begins))
        .join(last, (last.request_id == LeaveRequest.id) & (last.day == ends))
        .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
        .where(LeaveRequest.person_id.in_(bindparam("person_ids", expanding=True)))
        .where(LeaveRequest.state == LeaveState.APPROVED, LeaveRequest.last_day >= bindparam("since"))
    )


_SPANS = _spans()


def away_at(person_ids: Collection[str], now: datetime) -> Mapping[str, Away]:
    """Those of these people who are on leave at this instant, with their days; one statement."""
    # a night shift of the day before may still run
    today = clock.local(now).date()
    since = today - timedelta(days=1)
    spans: dict[str, list[Span]] = defaultdict(list)
    for row in platform.rows(_SPANS, {"person_ids": list(person_ids), "since": since}):
        is_worked = today in gaps.read(row.gaps)
        if not is_worked and not as_of(row.kind_id, row.rules_version).rules.is_work:
            instants = (clock.at_local(row.day, row.start), clock.at_local(row.last_day, row.end))
            spans[row.person_id].append(Span(row.day, row.last_day, *instants))
    found = {person_id: running(theirs, now) for person_id, theirs in spans.items()}
    return {person_id: Away(one.first_day, one.last_day, one.end_at) for person_id, one in found.items() if one}


def plug() -> None:
    """Tells approvals of absence, once, at import."""
    approvals.declare_absences(away_at)
