"""The world in a file, so that a demo survives a restart."""

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from simulator.world import World

_WORLD: TypeAdapter[World] = TypeAdapter(World)


def read(path: Path) -> World:
    """The world as written; ValueError when the file is of another time or torn."""
    try:
        return _WORLD.validate_json(path.read_bytes())
    except ValidationError:
        raise ValueError(f"{path} is not a saved twin; remove it to begin anew") from None


def write(path: Path, world: World) -> None:
    """Writes beside and renames, so that a stop in between leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(_WORLD.dump_json(world))
    os.replace(fresh, path)
