"""A code scanned from the menu: the code on a punch-in screen punches at once."""

from urllib.parse import parse_qs, urlsplit

import wecom
from kit.errors import Invalid
from models.enums import PunchSource
from services import attendance, people
from services.attendance import Punch
from wecom.events import Scan
from wecom.replies import Reply

LONGEST_CODE = 500


def scanned(inbound: wecom.Inbound) -> Reply | None:
    """Punches with the code of a screen; anything else that was scanned is none of ours and says so."""
    actor = people.by_userid(inbound.userid)
    code = _code_in(Scan.parse(inbound).result)
    direction = attendance.today(actor).next
    done = attendance.punch(actor, Punch(direction=direction, code=code, nonce=inbound.key), PunchSource.WECOM)
    return wecom.replies.text(done.sentence) if inbound.kind == "scancode_waitmsg" else None


def _code_in(result: str) -> str:
    """The code in the address that a punch-in screen shows."""
    try:
        codes = parse_qs(urlsplit(result).query).get("code", [])
    except ValueError:
        codes = []
    if len(codes) != 1 or len(codes[0]) > LONGEST_CODE:
        raise Invalid("这不是打卡点的二维码，请对准打卡屏幕再扫一次")
    return codes[0]
