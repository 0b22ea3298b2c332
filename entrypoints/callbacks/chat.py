"""What people write and press in the chat: handed to the assistant, whose answer is a promise like every message."""

import wecom
from services import assistant, people
from wecom.events import MenuTap, Text
from wecom.replies import Reply


def text(inbound: wecom.Inbound) -> Reply | None:
    """Somebody wrote to us."""
    assistant.hear(people.by_userid(inbound.userid), Text.parse(inbound).content)
    return None


def click(inbound: wecom.Inbound) -> Reply | None:
    """Somebody pressed an entry of the menu."""
    assistant.click(people.by_userid(inbound.userid), MenuTap.parse(inbound).key)
    return None


def enter(_inbound: wecom.Inbound) -> Reply | None:
    """Somebody opened the application; saying something each time would be a nuisance."""
    return None
