"""A roster is checked: the rules it leaves unmet, and how evenly it lays nights and weekends."""

from collections.abc import Iterable

from models.enums import RosterRule, RosterState
from models.rosters import Roster
from services import people
from services.people import AnyActor
from services.rosters import access, boards, keeping, rules
from services.rosters.rules import Board, Burden, Gap, Minimum
from services.rosters.schemas import CheckView, GapView

TITLES = {
    RosterRule.REST: "休息不足",
    RosterRule.DAILY: "单日超时",
    RosterRule.WEEKLY: "一周超时",
    RosterRule.RUN: "连续上班",
    RosterRule.LEAVE: "已请假",
    RosterRule.MINIMUM: "人手不足",
    RosterRule.UNPLANNED: "没有排",
}


def check(actor: AnyActor, roster_id: str) -> CheckView:
    """What the roster leaves unmet now."""
    return view(access.roster(actor, roster_id))


def view(row: Roster) -> CheckView:
    """The same of a roster at hand."""
    board = boards.of_roster(row)
    found = rules.gaps(board)
    return CheckView(
        roster_id=row.id,
        version=row.version,
        state=RosterState(row.state),
        unmet=len(found),
        gaps=spelt(found, board.minima),
        fairness=fairness(board),
    )


def spelt(found: Iterable[Gap], minima: Iterable[Minimum]) -> list[GapView]:
    """Gaps with the names of people, and of what there are too few of."""
    some = list(found)
    names = {one.id: one.name for one in people.many(gap.person_id for gap in some if gap.person_id).values()}
    known, needed = keeping.labels(), {one.id: one for one in minima}

    def who(gap: Gap) -> str:
        if gap.person_id:
            return names[gap.person_id]
        one = needed[gap.minimum_id or ""]
        skill = f"（{known.tags.get(one.skill, '')}）" if one.skill else ""
        return keeping.what(one.shift_id, one.start, one.end, known) + skill

    return [GapView(rule=gap.rule, title=TITLES[gap.rule], day=gap.day, who=who(gap), words=gap.words) for gap in some]


def fairness(board: Board) -> list[tuple[str, str]]:
    """The least and the most that anybody has: hours, nights, weekends."""
    carried = list(rules.burdens(board.people, board.days, board.plan).values()) or [Burden()]
    hours = [one.minutes / 60 for one in carried]
    nights, weekends = [one.nights for one in carried], [one.weekends for one in carried]
    return [
        ("工时", f"{min(hours):g}–{max(hours):g} 小时"),
        ("夜班", f"{min(nights)}–{max(nights)} 次"),
        ("周末上班", f"{min(weekends)}–{max(weekends)} 天"),
    ]
