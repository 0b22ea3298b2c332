"""The conversation: what somebody says, presses or taps, and the card that answers; every answer is a promise."""

from kit.ids import new_id
from models.enums import DraftState
from services import notices
from services.assistant import answers, drafts, leaving, rules
from services.assistant.rules import Command
from services.people import Actor
from templates_msg import Message


def hear(actor: Actor, text: str) -> None:
    """Answers a text: a command, a sentence about leave, or help."""
    command = rules.command(text)
    if command is not None:
        _say(actor, answers.answer(actor, command))
        return
    about_leave = leaving.hear(actor, text)
    _say(actor, *(about_leave or (answers.answer(actor, Command.HELP), {})))


def click(actor: Actor, key: str) -> None:
    """Answers an entry of the menu; an entry of an older menu gets help."""
    known = key in set(Command)
    _say(actor, answers.answer(actor, Command(key) if known else Command.HELP))


def choose(actor: Actor, action: str) -> str:
    """A tapped answer to a question (`draft id.value`): the words for the button; the next card follows."""
    draft_id, _, value = action.partition(".")
    words, following = leaving.choose(actor, drafts.own(actor, draft_id), value)
    _say(actor, *following)
    return words


def confirm(actor: Actor, draft_id: str) -> str:
    """Submits the leave on the card; the words for the button. What forbids it now is raised, and nothing is done."""
    leaving.submit(actor, drafts.own(actor, draft_id))
    return "已提交，等待审批"


def drop(actor: Actor, draft_id: str) -> str:
    """Gives the leave on the card up; the words for the button."""
    drafts.finish(drafts.own(actor, draft_id), DraftState.DROPPED)
    return "已放弃"


def _say(actor: Actor, message: Message, actions: dict[str, str] | None = None) -> None:
    # whoever asks at night wants the answer at night
    notices.notify(actor.person_id, message, key=f"chat:{new_id()}", urgent=True, actions=actions or None)
