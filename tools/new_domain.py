"""`python -m tools.new_domain visitors`: a domain's skeleton, steps 1 to 4 and 9 of docs/recipes/add-a-domain.md."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

SERVICE = '''"""{Title}: say what it is, its invariants, and who may do what."""
'''
MODEL = '''"""Tables of {name}."""

from models.base import Record


class {Title}(Record):
    """One of the {name}; say what a row means."""

    __tablename__ = "{name}"
'''
ROUTES = '''"""{Title} on the {surface}."""

from flask import Blueprint

bp = Blueprint("{name}", __name__, url_prefix="/{name}")
'''
TEST = '''"""The rules of {name}, as tables of cases."""
'''
SURFACES = ("api", "h5", "console")


def files(name: str) -> dict[str, str]:
    """Path → content of every file of the skeleton."""
    words = {"name": name, "Title": name.capitalize()}
    made = {
        f"services/{name}.py": SERVICE.format(**words),
        f"models/{name}.py": MODEL.format(**words),
        f"tests/unit/services/test_{name}_rules.py": TEST.format(**words),
    }
    return made | {f"entrypoints/{s}/{name}.py": ROUTES.format(surface=s, **words) for s in SURFACES}


def place(pyproject: str, name: str) -> str:
    """The project file with the domain beside `leave` in the layers and its table among the strangers."""
    placed = re.sub(r'^  "(.*\bleave\b.*)",$', rf'  "\1 | {name}",', pyproject, count=1, flags=re.MULTILINE)
    return placed.replace('"models.leave", ', f'"models.leave", "models.{name}", ', 1)


def main(name: str) -> None:
    """Writes the skeleton; refuses a name that is taken or is no plain word."""
    if (
        not re.fullmatch(r"[a-z]{3,20}", name)
        or (ROOT / f"services/{name}.py").exists()
        or (ROOT / f"services/{name}").exists()
    ):
        sys.exit(f"{name!r}: a domain is a plain lower-case word that is not taken")
    for path, content in files(name).items():
        (ROOT / path).write_text(content, encoding="utf-8")
    project = ROOT / "pyproject.toml"
    project.write_text(place(project.read_text(encoding="utf-8"), name), encoding="utf-8")
    print(f"Next: statuses in models/enums.py, {name} in models/tables.py, a line in each DOMAINS, `make migration`.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
