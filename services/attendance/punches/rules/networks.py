"""The Wi-Fi of a place, as HR lists it: one line for each router, its BSSID and what it is called."""

import re
from dataclasses import dataclass

_BSSID = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
MOST = 100
# nothing, everybody, and what phones say that may not tell (Android 10 and later)
NO_ROUTER = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "02:00:00:00:00:00"})


@dataclass(frozen=True, slots=True)
class Network:
    """A router: its address, lower case with colons, and the name of its Wi-Fi."""

    bssid: str
    name: str


def bssid(text: str) -> str | None:
    """The address in one form; nothing for what is no address of a router."""
    if not _BSSID.fullmatch(text):
        return None
    plain = text.lower().replace("-", ":")
    return None if plain in NO_ROUTER else plain


def networks(text: str) -> list[Network]:
    """The routers of a text, a line each: "aa:bb:cc:dd:ee:ff Office-5G". `ValueError` names the line that is none."""
    found: dict[str, Network] = {}
    for number, line in enumerate(text.splitlines(), 1):
        address, _, name = line.strip().partition(" ")
        if not address:
            continue
        plain = bssid(address)
        if plain is None:
            raise ValueError(f"第 {number} 行应以路由器地址（BSSID）开头，例如 aa:bb:cc:dd:ee:ff 办公室")
        found.setdefault(plain, Network(plain, name.strip()[:60]))
    if len(found) > MOST:
        raise ValueError(f"一个地点最多 {MOST} 个路由器")
    return list(found.values())
