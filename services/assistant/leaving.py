"""Talking about leave: asks for what is missing, one thing at a time, shows what it would cost, submits on a tap."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kit import clock
from kit.errors import AppError, Conflict
from models.assistant import LeaveDraft
from models.enums import Counting, DayKind, DraftState, Half
from services import leave, schedule
from services.assistant import drafts, rules
from services.assistant.rules import Gap, Leave
from services.people import Actor
from templates_msg import Message
from templates_msg.filters import day as words_of_day

LOOK_AHEAD = timedelta(days=120)
MOST_CHOICES = 6
HALVES = {Half.AM: "上午", Half.PM: "下午"}
WHOLE_DAY = "day"
COMMON = ("annual", "compensatory", "personal", "sick", "marriage", "paternity")


def hear(actor: Actor, text: str) -> tuple[Message, dict[str, str]] | None:
    """The card that answers a sentence about leave, and what its buttons act on; `None` if it is about nothing such."""
    kinds = kind_names()
    fresh = rules.understand(text, clock.today(), kinds)
    draft = None if fresh is not None and fresh.first_day is not None else drafts.talked_about(actor)
    more = rules.continued(drafts.wish_of(draft), text, clock.today(), kinds) if draft else None
    wish = more or fresh
    return None if wish is None else respond(actor, drafts.keep(actor, wish, draft if more else None))


def kind_names() -> dict[str, str]:
    """The kinds that can be asked for, by code."""
    return {kind.code: kind.name for kind in leave.kinds()}


def respond(actor: Actor, draft: LeaveDraft) -> tuple[Message, dict[str, str]]:
    """Asks for what is missing, or shows what the leave would be, or says why it cannot be."""
    wish = drafts.wish_of(draft)
    if wish.gap is not None:
        return _question(draft.id, wish, wish.gap), {}
    try:
        plan = plan_of(actor, wish)
        preview = leave.preview(actor, leave.Plan(**plan))
        refusal = preview.refusal or _lacks_proof(preview)
    except AppError as error:
        refusal = error.title
    if refusal:
        drafts.finish(draft, DraftState.DROPPED)
        what = f"{kind_names().get(wish.kind or '', '请假')}没有提交"
        return Message("assistant/refused", {"what": what, "why": refusal, "link": "/h5/leave/new"}), {}
    actions = {"confirm_leave": draft.id, "drop_leave": draft.id}
    return _confirmation(wish, plan, preview), actions


def _lacks_proof(preview: leave.PreviewOut) -> str | None:
    """A proof is a file, which a sentence does not carry."""
    kind = next(kind for kind in leave.kinds() if kind.code == preview.kind)
    if kind.proof_after_days is None or preview.days <= kind.proof_after_days:
        return None
    return f"{kind.name}需要上传{kind.proof_name or '证明材料'}，请打开请假页面提交"


def plan_of(actor: Actor, wish: Leave) -> dict[str, Any]:
    """The fields of a plan. Days are counted as the kind counts them, by the person's own calendar."""
    assert wish.first_day is not None
    plan: dict[str, Any] = {"kind": wish.kind, "first_day": wish.first_day, "from_half": wish.from_half}
    plan |= {"last_day": wish.last_day or wish.first_day, "to_half": wish.to_half}
    if wish.from_time:
        return plan | {"from_time": wish.from_time, "to_time": wish.to_time}
    countable = _countable(actor, wish) if wish.days is not None else []
    if wish.first_day in countable:  # else the first day alone is refused, with its reason
        end = rules.end_of(wish, countable)
        if end is None:
            raise Conflict(f"{words_of_day(wish.first_day)}起的四个月内排不下这么多天，请改用表单申请")
        plan |= dict(zip(("last_day", "from_half", "to_half"), end, strict=True))
    return plan


def _countable(actor: Actor, wish: Leave) -> list[date]:
    assert wish.first_day is not None
    counting = leave.kind_detail(wish.kind or "").rules.counting
    plans = schedule.days([actor.person_id], wish.first_day, wish.first_day + LOOK_AHEAD)
    return [on for (_, on), plan in sorted(plans.items()) if _counts(plan, counting)]


def _counts(plan: schedule.DayPlan, counting: Counting) -> bool:
    if counting is Counting.WORKING:
        return plan.is_working
    return counting is Counting.CALENDAR or plan.kind is not DayKind.STATUTORY_HOLIDAY


def _confirmation(wish: Leave, plan: dict[str, Any], preview: leave.PreviewOut) -> Message:
    facts = {"kind": preview.kind_name, "length": preview.length, "span": span(plan), "reason": wish.reason}
    notes = "；".join(preview.notes)
    return Message("assistant/confirm_leave", {**facts, "balance_after": preview.balance_after or "", "note": notes})


def span(plan: dict[str, Any]) -> str:
    """3月11日（周三）上午 至 3月13日（周五）."""
    first, last = plan["first_day"], plan["last_day"]
    if plan.get("from_time"):
        return f"{words_of_day(first)}{plan['from_time']}–{plan['to_time']}"
    is_whole = (plan["from_half"], plan["to_half"]) == (Half.AM, Half.PM)
    if first == last:
        return words_of_day(first) + ("" if is_whole else HALVES[plan["from_half"]])
    begin = words_of_day(first) + HALVES[plan["from_half"]] * (plan["from_half"] is Half.PM)
    return f"{begin} 至 {words_of_day(last)}" + HALVES[plan["to_half"]] * (plan["to_half"] is Half.AM)


def _question(draft_id: str, wish: Leave, gap: Gap) -> Message:
    understood = _understood(wish)
    if gap is Gap.TIMES:
        facts = {"question": "几点到几点？", "understood": understood, "example": "下午2点到4点"}
        return Message("assistant/ask", facts)
    question, choices = {Gap.DAY: _days, Gap.HALF: _halves, Gap.KIND: _kinds}[gap]()
    keyed = [(f"{draft_id}.{value}", text) for value, text in choices[:MOST_CHOICES]]
    return Message("assistant/question", {"question": question, "understood": understood, "choices": keyed})


def _days() -> tuple[str, list[tuple[str, str]]]:
    days = [clock.today() + timedelta(days=ahead) for ahead in range(3)]
    named = zip(("今天", "明天", "后天"), days, strict=True)
    question = "哪天请假？可点选，或回复如“3月5日到7日”"
    return question, [(day.isoformat(), f"{name} {day.month}/{day.day}") for name, day in named]


def _halves() -> tuple[str, list[tuple[str, str]]]:
    return "上午还是下午？", [(Half.AM.value, "上午"), (Half.PM.value, "下午"), (WHOLE_DAY, "全天")]


def _kinds() -> tuple[str, list[tuple[str, str]]]:
    names = kind_names()
    order = [code for code in COMMON if code in names] + [code for code in names if code not in COMMON]
    return "请哪一种假？可点选，或直接回复", [(code, names[code]) for code in order]


def _understood(wish: Leave) -> str:
    said = [kind_names().get(wish.kind, "")] if wish.kind else []
    if wish.first_day:
        plan = {"from_half": Half.AM, "to_half": Half.PM, "first_day": wish.first_day}
        said.append(span(plan | {"last_day": wish.last_day or wish.first_day}))
    said += [f"{wish.days.normalize():f}天"] if wish.days else []
    return f"已理解：{'，'.join(said)}" if said else ""


def choose(actor: Actor, draft: LeaveDraft, value: str) -> tuple[str, tuple[Message, dict[str, str]]]:
    """Fills what was asked with a tapped choice: the words for the button, and the next card."""
    wish, gap = drafts.wish_of(draft), drafts.asked(draft)
    chosen = _chosen(gap, value)
    if chosen is None:
        raise Conflict("这个问题已经回答过了")
    words, changes = chosen
    return words, respond(actor, drafts.keep(actor, replace(wish, **changes), draft))


def _chosen(gap: Gap | None, value: str) -> tuple[str, dict[str, Any]] | None:
    names = kind_names()
    if gap is Gap.KIND and value in names:
        return names[value], {"kind": value}
    if gap is Gap.HALF and value == WHOLE_DAY:
        return "全天", {"wants_half": False}
    if gap is Gap.HALF and value in HALVES:
        return HALVES[Half(value)], {"wants_half": False, "from_half": Half(value), "to_half": Half(value)}
    if gap is Gap.DAY and (day := _iso(value)):
        return words_of_day(day), {"first_day": day}
    return None


def _iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def submit(actor: Actor, draft: LeaveDraft) -> None:
    """Asks for the leave as the actor; what the preview showed is measured again now."""
    wish = drafts.wish_of(draft)
    drafts.finish(draft, DraftState.SUBMITTED)
    leave.apply(actor, leave.Apply(**plan_of(actor, wish), reason=wish.reason))
