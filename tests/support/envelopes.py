"""Callbacks as WeCom would send them, for tests that open them."""

from datetime import UTC, datetime

from wecom import KeyPair

TOKEN, AES_KEY, CORP = "HrSelfServiceToken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww0123456789abcdef"
PAIR = KeyPair(TOKEN, AES_KEY)
OLD_PAIR = KeyPair("TokenOfYesterday", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR")
EPOCH = 1767225600
NOW = datetime.fromtimestamp(EPOCH, UTC)
NONCE = "884422113"

Args = dict[str, str]


def content(inner: str = "", *, sender: str = "lihua", at: int | str = EPOCH, agent: str = "1000002") -> str:
    """A decrypted body with these elements; a click of the menu if none are given."""
    inner = inner or "<MsgType>event</MsgType><Event>click</Event><EventKey>balance</EventKey>"
    agent = f"<AgentID>{agent}</AgentID>" if agent else ""
    head = (
        f"<ToUserName>{CORP}</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>{at}</CreateTime>"
    )
    return f"<xml>{head}{inner}{agent}</xml>"


def sealed(
    plain: str | bytes | None = None,
    *,
    pair: KeyPair = PAIR,
    receiver: str = CORP,
    timestamp: int | str = EPOCH,
    nonce: str = NONCE,
    envelope: str = "<xml><ToUserName><![CDATA[{corp}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
    "<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>",
) -> tuple[Args, bytes]:
    """Query and body of a POST."""
    plain = content() if plain is None else plain
    encrypt = pair.encrypt(plain.encode() if isinstance(plain, str) else plain, receiver)
    args = {
        "msg_signature": pair.signature(str(timestamp), nonce, encrypt),
        "timestamp": str(timestamp),
        "nonce": nonce,
    }
    return args, envelope.format(corp=CORP, encrypt=encrypt).encode()
