"""Hostile files at every route that takes one: refused in words, or kept inert (reliability R63, R66)."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from models.base import db
from models.platform import StoredFile
from tests.integration.hostile.attack import Watch, undone
from tests.integration.hostile.routes import Visit, file_fields, visits
from tests.integration.hostile.world import PNG, World, machine_book, pay_book, staff_book

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(190713)"/>'
XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "'
    + b"x" * 900
    + b'">'
    + b"<!ENTITY b '&a;&a;&a;'>" * 3
    + b"]><a>&b;</a>"
)
NAMES = (
    "../../../etc/passwd", "..\\..\\win.ini", "a\r\nSet-Cookie: x=1.png",
    "a\0.png", "\u202egnp.exe", "x" * 3000 + ".png", ".",
    '";filename="b.html', "<script>alert(190713)</script>.png",
    "CON", "𠮷.png", "/etc/passwd", "a/../b.png", "%2e%2e%2f",
)  # fmt: skip

ALONG = {"photo": {"way": "field", "spot": "客户处"}}


def zipped(**parts: bytes) -> bytes:
    """An archive with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return target.getvalue()


def poisoned(book: bytes, part: str, content: bytes) -> bytes:
    """A sound workbook with one part replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as sound, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sound.namelist():
            made.writestr(name, content if name == part else sound.read(name))
        if part not in sound.namelist():
            made.writestr(part, content)
    return target.getvalue()


def never() -> dict[str, bytes]:
    """What no route may take."""
    book = staff_book()
    sheet = "xl/worksheets/sheet1.xml"
    return {
        "empty": b"", "blank": b" ", "svg": SVG, "html": b"<html><script>alert(190713)</script>",
        "exe": b"MZ" + b"\0" * 99,
        "gif": b"GIF89a" + b"\0" * 99, "script": b"#!/bin/sh\nid", "xml": XML_BOMB, "zip": zipped(a=b"b"),
        "half a workbook": book[: len(book) // 2],
        "zip bomb": poisoned(book, sheet, b"<a>" + b" " * (60 * 1024 * 1024)),
        "entities": poisoned(book, sheet, XML_BOMB), "many parts": zipped(**{f"p{n}": b"" for n in range(2000)}),
        "slip": zipped(**{"../../evil": b"x", "[Content_Types].xml": b"<a/>"}), "pk": b"PK\x03\x04" + b"\xff" * 200,
        "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "nested": poisoned(book, sheet, b"<a>" * 50_000),
        "too large": PNG + b"\0" * (8 * 1024 * 1024), "far too large": PNG + b"\0" * (9 * 1024 * 1024 + 1),
    }  # fmt: skip


def uploading(world: World) -> Iterator[tuple[Visit, str]]:
    """Every field of every route that takes a file, with what has to be said for the file to be looked at."""
    for visit in visits(world):
        for name in file_fields(visit.declaration.body):
            yield replace(visit, body=visit.body | ALONG.get(name, {})), name


def test_hostile_files_are_refused(world: World) -> None:
    watch, files = Watch(), never()
    for visit, name in uploading(world):
        with watch.unchanged(visit):
            for what, content in files.items():
                response = visit.pay(world, body={**visit.body, name: (content, "证明.png")})
                watch.refused(visit, what, response)
    watch.check()


def test_wrong_shapes_of_upload_are_refused(world: World) -> None:
    watch = Watch()
    for visit, name in uploading(world):
        required = visit.declaration.body.model_fields[name].is_required()
        others = {key: value for key, value in visit.body.items() if key != name}
        with watch.unchanged(visit):
            watch.refused(visit, "text", visit.pay(world, body={**others, name: "text"}))
            twice = {**others, name: [(io.BytesIO(PNG), "a.png"), (io.BytesIO(PNG), "b.png")], "more": (PNG, "c.png")}
            watch.refused(visit, "a second file", visit.pay(world, body=twice))
            if required:
                watch.refused(visit, "none", visit.pay(world, body=others))
    watch.check()


def test_polyglots_and_odd_names_are_kept_inert(world: World) -> None:
    """A picture that is also a page comes back as a picture, under a tame name, never to be shown in place."""
    watch = Watch()
    polyglots = [(PNG + b"<script>alert(190713)</script>", "a.html"), (b"%PDF-1.7\n" + SVG, "a.svg")]
    readers = {visit.route.partition(" ")[2]: visit for visit in visits(world) if visit.method == "GET"}
    for visit, name in uploading(world):
        if name not in ("proof", "evidence"):
            continue
        for content, called in [*polyglots, *((PNG, called) for called in NAMES)]:
            with undone():
                response = visit.pay(world, body={**visit.body, name: (content, called)})
                watch.note(visit, called, response)
                stored = (
                    db.session.query(StoredFile).order_by(StoredFile.created_at.desc(), StoredFile.id.desc()).first()
                )
                if response.status_code < 300 and (stored is None or not stored.name.isprintable()):
                    watch.wrong.append(f"{visit.route} {called[:30]!r}: kept under {stored and stored.name!r}")
    for path in (
        "/api/v1/leave/requests/<string:request_id>/proof",
        "/h5/attendance/corrections/<string:correction_id>/evidence",
    ):
        response = readers[path].pay(world)
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert (response.mimetype, response.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    watch.check()


def hostile_books(name: str, cell: str) -> list[bytes]:
    """Workbooks of the kinds that this field takes, or takes for another's, with this in their cells."""
    if name == "file":
        return [pay_book([cell, cell, cell, cell, cell, cell, cell, cell])]
    return [staff_book(cell[:32_000]), machine_book(cell[:32_000])]


def test_a_workbook_with_hostile_cells_stores_nothing_alive(world: World) -> None:
    watch = Watch()
    for visit, name in uploading(world):
        if name not in ("file", "workbook"):
            continue
        with watch.unchanged(visit):
            for cell in ("=1+1", "<script>alert(190713)</script>", "{{190713*7}}", "x" * 40_000):
                for rows in hostile_books(name, cell):
                    watch.refused(visit, cell[:20], visit.pay(world, body={**visit.body, name: (rows, "a.xlsx")}))
    watch.check()
