"""The process's keys: what is sealed at rest and what is signed passes here. Installed once at start."""

from kit.sealing import Sealer
from kit.signing import Signer

_ring: list[Sealer] = []
_pair: list[Signer] = []


def install(sealer: Sealer, signer: Signer) -> None:
    """Gives the process its keys."""
    _ring[:], _pair[:] = [sealer], [signer]


def sealer() -> Sealer:
    """The key ring; asking before it is installed is a programming error."""
    return _ring[0]


def signer() -> Signer:
    """What signs for the company, likewise."""
    return _pair[0]
