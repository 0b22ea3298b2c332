"""What every table shares: the registry, column types that refuse the wrong value, and the database handle.

Tables extend our own `Base`, so they stay free of Flask; the extension gives only engine and session.
"""

from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CHAR, BigInteger, Dialect, Integer, LargeBinary, MetaData, String, event
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import JSON, DateTime, TypeDecorator

from kit import clock
from kit.ids import LENGTH, new_id
from kit.money import Money

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC with microseconds; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in ("mysql", "mariadb"):  # plain DATETIME drops fractions of a second there
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants are aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class MoneyColumn(TypeDecorator[Money]):
    """`Money` as whole fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


class Ascii(TypeDecorator[str]):
    """Machine-made ASCII of one length, compared byte by byte: no collation may make two of them equal.

    MySQL refuses to compare such a column with other text. Other text (out of a path, a cursor) is escaped, so that it
    equals nothing instead of failing.
    """

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        assert isinstance(self.impl_instance, CHAR)
        length = self.impl_instance.length
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.CHAR(length, charset="ascii", collation="ascii_bin"))
        return dialect.type_descriptor(CHAR(length))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or value.isascii() else value.encode("ascii", "backslashreplace").decode()


Id, Hash = Ascii(LENGTH), Ascii(64)
Sequence = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in INTEGER keys
LargeSealed = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def Key(length: int) -> String:
    """Machine-made text compared byte by byte (a WeCom userid, a dedupe key)."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime(),
            Money: MoneyColumn(),
            dict[str, Any]: MutableDict.as_mutable(JSON()),
        },
    )


class Record(Base):
    """A row with an identifier made in Python before the insert."""

    __abstract__ = True
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


# create_savepoint: tests bind the session to an outer transaction; without a bound connection it changes nothing
db = SQLAlchemy(
    metadata=Base.metadata, session_options={"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
)


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: an upgrade in mid-transaction cannot wait, it fails.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
