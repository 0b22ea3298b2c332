"""Time between two columns, reckoned by the database: the one thing both of ours spell differently."""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[int]):
    """Whole seconds from the first instant to the second, rounded; NULL when either is missing."""

    type = Integer()
    inherit_cache = True

    def __init__(self, earlier: ColumnElement[Any] | Any, later: ColumnElement[Any] | Any) -> None:
        super().__init__(earlier, later)


@compiles(seconds_between, "sqlite")
def _sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(round((julianday({later}) - julianday({earlier})) * 86400) AS INTEGER)"


@compiles(seconds_between, "mysql", "mariadb")
def _mysql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"ROUND(TIMESTAMPDIFF(MICROSECOND, {earlier}, {later}) / 1000000)"
