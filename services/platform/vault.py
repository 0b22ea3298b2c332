"""The process's key ring. Installed once at start; everything sealed at rest passes here."""

from kit.sealing import Sealer

_ring: list[Sealer] = []


def install(sealer: Sealer) -> None:
    """Gives the process its keys."""
    _ring[:] = [sealer]


def sealer() -> Sealer:
    """The key ring; asking before it is installed is a programming error."""
    return _ring[0]
