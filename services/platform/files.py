"""Files: kept sealed in the database, so that one transaction and one backup cover them (decision 0006)."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from kit.errors import Invalid, NotFound, TooLarge
from kit.ids import new_id
from kit.text import clip, plain
from models.base import db
from models.platform import StoredFile
from services.platform import vault

LARGEST = 8 * 1024 * 1024
# what a file begins with, against what it calls itself
SIGNATURES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK\x03\x04",
}
IMAGES_AND_PDF = ("image/jpeg", "image/png", "application/pdf")
WORKBOOK = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)


@dataclass(frozen=True)
class Upload:
    """What somebody sent: a name for people, the bytes, nothing of it trusted."""

    name: str
    content: bytes


@dataclass(frozen=True)
class File:
    """A stored file, opened."""

    id: str
    name: str
    media_type: str
    content: bytes


def kind_of(upload: Upload, accepted: tuple[str, ...]) -> str:
    """The media type that the content itself shows; `Invalid` when it is none of those accepted."""
    if len(upload.content) > LARGEST:
        raise TooLarge("文件超过 8 MB，请压缩后再上传")
    for media_type in accepted:
        if upload.content.startswith(SIGNATURES[media_type]):
            return media_type
    raise Invalid(
        "不支持这种文件，请上传图片（JPG、PNG）或 PDF" if accepted is IMAGES_AND_PDF else "请上传 .xlsx 工作簿"
    )


def store(owner_id: str | None, purpose: str, upload: Upload, accepted: tuple[str, ...] = IMAGES_AND_PDF) -> str:
    """Seals and keeps an upload; its id."""
    file_id = new_id()
    db.session.add(
        StoredFile(
            id=file_id,
            owner_id=owner_id,
            purpose=purpose,
            name=clip(plain(upload.name), 120) or "附件",
            media_type=kind_of(upload, accepted),
            size=len(upload.content),
            sha256=hashlib.sha256(upload.content).hexdigest(),
            sealed=vault.sealer().seal(_context(file_id), upload.content),
        )
    )
    return file_id


def fetch(file_id: str, purpose: str) -> File:
    """A file of this purpose; whoever asks has checked that the record naming it is theirs to see."""
    row = db.session.get(StoredFile, file_id)
    if row is None or row.purpose != purpose:
        raise NotFound()
    return File(row.id, row.name, row.media_type, vault.sealer().open(_context(row.id), row.sealed))


def owner_of(file_id: str) -> str | None:
    """Who brought a stored file."""
    row = db.session.get(StoredFile, file_id)
    return row.owner_id if row else None


def owned(file_id: str, owner_id: str, purpose: str) -> str | None:
    """The name of a file that this owner brought for this purpose; `None` when there is no such file of theirs."""
    theirs = (StoredFile.id == file_id) & (StoredFile.owner_id == owner_id) & (StoredFile.purpose == purpose)
    return db.session.scalar(select(StoredFile.name).where(theirs))


def name_of(file_id: str) -> str:
    """The name a stored file had."""
    row = db.session.get(StoredFile, file_id)
    return row.name if row else ""


def _context(file_id: str) -> str:
    return f"file:{file_id}"
