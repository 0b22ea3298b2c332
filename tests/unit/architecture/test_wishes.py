"""What routes take in is made of the fields of `kit.schema` wherever a plain one would accept more than is meant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args, get_origin

import pytest
from flask import Flask
from pydantic import BaseModel, TypeAdapter, ValidationError

from kit.schema import CompanyTime, Day

MEANT = {date: get_args(Day)[1], datetime: get_args(CompanyTime)[1]}
"""What marks a field of `kit.schema` among plain ones of its type."""


def _parts(annotation: Any, marks: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Every type a field is made of, with where it stands and what is asked of it."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _parts(inner, (*more, *marks))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            for place, kind, asked in _parts(field.annotation, tuple(field.metadata)):
                yield f"{annotation.__name__}.{name} {place}".strip(), kind, asked
    else:
        yield "", annotation, marks
        for argument in get_args(annotation):
            yield from _parts(argument)


def _taken(product: Flask) -> set[type[BaseModel]]:
    declared = [view.declaration for view in product.view_functions.values() if hasattr(view, "declaration")]
    return {model for one in declared for model in (one.body, one.query) if model}


def test_every_date_and_time_taken_in_is_a_day_or_company_time(product: Flask) -> None:
    models = _taken(product)
    assert len(models) > 50
    parts = [part for one in models for part in _parts(one) if part[1] in MEANT]
    assert len({place for place, _, _ in parts}) > 20
    assert sorted(place for place, kind, asked in parts if MEANT[kind] not in asked) == []


@pytest.mark.parametrize(
    "value",
    [1772409600, 1772409600.0, True, None, "1772409600", "2026-03-02T00:00:00", "2026-3-2", "20260302", "2026-W10-1",
     "2026-02-30", "1999-12-31", "2100-01-01", "２０２６-03-02", ""],
)  # fmt: skip
def test_a_day_is_a_date_as_people_write_it(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(value)


def test_a_day_is_read_strictly_and_leniently() -> None:
    assert TypeAdapter(Day).validate_json('"2026-03-02"', strict=True) == date(2026, 3, 2)
    assert TypeAdapter(Day).validate_python("2026-03-02") == date(2026, 3, 2)


@pytest.mark.parametrize(
    "value",
    [1772409600, "1772409600", "2026-03-02", "2026-03-02T25:00", "1999-03-02T09:30", "0001-01-01T00:00", None, ""],
)
def test_a_time_is_written_as_people_write_it(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(CompanyTime).validate_python(value)


@pytest.mark.parametrize("value", ["2026-03-02T09:30", "2026-03-02 09:30:00.000", "2026-03-02T01:30Z"])
def test_a_time_without_a_zone_is_the_companys(value: str) -> None:
    read = TypeAdapter(CompanyTime)
    assert read.validate_python(value) == read.validate_json(f'"{value}"', strict=True)
    assert read.validate_python(value) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
