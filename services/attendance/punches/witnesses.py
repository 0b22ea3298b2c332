"""What vouches for being at a place beside position and code: its Wi-Fi, and its beacon.

A Wi-Fi can be imitated by anybody with a router, so it counts on its own but is looked at (`rules.signals`); what a
beacon says changes every half minute and cannot be made up without its secret.
"""

from dataclasses import dataclass

from sqlalchemy import select

from kit import clock
from models.attendance import Place
from models.base import db
from services.attendance import sites
from services.attendance.geo import Point
from services.attendance.punches import rules


@dataclass(frozen=True, slots=True)
class Witness:
    """A place that vouches for somebody; `step` is that of the beacon's code."""

    place_id: str
    centre: Point
    step: int | None = None


def by_wifi(person_id: str, told: str | None) -> Witness | None:
    """The place of the person that lists this router."""
    address = rules.bssid(told or "")
    if address is None:
        return None
    for place in _witnesses(person_id):
        if any(network["bssid"] == address for network in place.networks or ()):
            return Witness(place.id, sites.centre(place))
    return None


def by_beacon(person_id: str, code: str) -> Witness | None:
    """The place of the person whose beacon says this about now."""
    for place in _witnesses(person_id):
        secret = sites.beacon_secret(place.id, place.beacon_version)
        step = rules.heard(secret, code, clock.epoch()) if place.beacon_version > 0 else None
        if step is not None:
            return Witness(place.id, sites.centre(place), step)
    return None


def owners() -> dict[str, str]:
    """Every router that places list → the place; one that several list vouches against none of them."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for place_id, networks in db.session.execute(select(Place.id, Place.networks).where(Place.is_active)):
        for network in networks or ():
            if found.setdefault(network["bssid"], place_id) != place_id:
                shared.add(network["bssid"])
    return {address: place_id for address, place_id in found.items() if address not in shared}


def _witnesses(person_id: str) -> list[Place]:
    ids = [site.id for site in sites.serving(person_id)]
    return list(db.session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.name)))
