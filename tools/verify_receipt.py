#!/usr/bin/env python3
"""Checks a receipt without the system that made it: standard library and `cryptography` only.

    python verify_receipt.py receipt.json --keys keys.json [--roots roots.json]

`keys.json` is what <server>/api/v1/receipts/keys answered, `roots.json` what /api/v1/receipts/roots did or lines
"day root …" of the company's receipt file; keep your own copies, the checks are worth what these are. Ends with 0 when
the receipt is genuine, 1 when it is not (the reason is printed), 3 when it is signed but under no daily root yet.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CONTENT, ROOT = b"wecom-hr receipt\n", b"wecom-hr receipt root\n"
GENUINE, FORGED, UNBOUND = 0, 1, 3


class Forged(Exception):
    """The receipt does not say what was signed, or is not where it says it is."""


def canonical(value: Any) -> bytes:
    """The bytes that were signed: UTF-8 JSON, names sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_signature(keys: dict[str, str], key_id: str, signature: str, statement: bytes, what: str) -> None:
    """`Forged` unless the key of this id, one of those trusted, signed the statement."""
    if key_id not in keys:
        raise Forged(f"{what}: signed with key {key_id}, which is not among the keys given")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[key_id]))
    try:
        public.verify(base64.b64decode(signature), statement)
    except (InvalidSignature, ValueError):
        raise Forged(f"{what}: the signature does not fit what is written") from None


def climb(content: bytes, path: list[dict[str, str]]) -> str:
    """The root that the content's leaf and its path lead to."""
    digest = hashlib.sha256(b"\x00" + content).digest()
    for neighbour in path:
        beside = bytes.fromhex(neighbour["hash"])
        pair = beside + digest if neighbour["side"] == "left" else digest + beside
        digest = hashlib.sha256(b"\x01" + pair).digest()
    return digest.hex()


def verify(receipt: dict[str, Any], keys: dict[str, str], roots: dict[str, str] | None = None) -> bool:
    """`Forged` with the reason when something is wrong; is it under a daily root?"""
    content, signature = canonical(receipt["content"]), receipt["signature"]
    check_signature(keys, signature["key_id"], signature["value"], CONTENT + content, "receipt")
    proof = receipt["proof"]
    if proof is None:
        return False
    root = proof["root"]
    if climb(content, proof["path"]) != root["root"]:
        raise Forged("proof: the path does not lead from this receipt to the root")
    statement = canonical({"day": root["day"], "root": root["root"]})
    check_signature(keys, root["key_id"], root["signature"], ROOT + statement, "root")
    if roots is not None and roots.get(root["day"]) != root["root"]:
        raise Forged(f"root: not the root of {root['day']} in your list of roots")
    return True


def read_keys(text: str) -> dict[str, str]:
    """Key id → public key. An id is the beginning of the key's own hash: a list that says otherwise is refused."""
    keys = {key["id"]: key["public"] for key in json.loads(text)}
    for key_id, public in keys.items():
        if hashlib.sha256(base64.b64decode(public)).hexdigest()[: len(key_id)] != key_id or len(key_id) < 16:
            raise Forged(f"keys: {key_id} is not the name of its key")
    return keys


def read_roots(text: str) -> dict[str, str]:
    """Day → root, from the server's JSON or from lines "day root …"."""
    if text.lstrip().startswith("["):
        return {one["day"]: one["root"] for one in json.loads(text)}
    return {line.split()[0]: line.split()[1] for line in text.splitlines() if line.strip()}


def describe(content: dict[str, Any]) -> str:
    """The receipt in a few lines."""
    lines = [content["title"], f"state: {content['state']}", f"asked: {content['asked_at']}"]
    lines += [f"{one['step']}: {one['decision']} by {one['by']} at {one['at']}" for one in content["decisions"]]
    return "\n".join([*lines, f"ended: {content['ended_at']}"])


def main() -> int:
    """The verdict as an exit code."""
    parser = argparse.ArgumentParser(description="Check a receipt offline.")
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--keys", type=Path, required=True, help="public keys you trust")
    parser.add_argument("--roots", type=Path, help="daily roots you have kept")
    given = parser.parse_args()
    try:
        receipt = json.loads(given.receipt.read_text(encoding="utf-8"))
        roots = read_roots(given.roots.read_text(encoding="utf-8")) if given.roots else None
        is_bound = verify(receipt, read_keys(given.keys.read_text(encoding="utf-8")), roots)
        said = describe(receipt["content"])
    except Forged as error:
        print(f"NOT GENUINE. {error}", file=sys.stderr)
        return FORGED
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"NOT GENUINE. This cannot be read as a receipt with its keys: {error!r}", file=sys.stderr)
        return FORGED
    print(said)
    print("GENUINE." if is_bound else "Signed, but under no daily root yet: take it again tomorrow.")
    return GENUINE if is_bound else UNBOUND


if __name__ == "__main__":
    sys.exit(main())
