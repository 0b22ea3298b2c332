"""What routes take in is made of the fields of `kit.schema` wherever a plain one would accept more than is meant."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, get_args, get_origin

import pytest
from flask import Flask
from pydantic import BaseModel, TypeAdapter, ValidationError

from kit.schema import Day

THE_DAY = next(part for part in get_args(Day) if part is not date)


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


def test_every_date_taken_in_is_a_day(product: Flask) -> None:
    models = _taken(product)
    assert len(models) > 50
    found = {(place, THE_DAY in asked) for one in models for place, kind, asked in _parts(one) if kind is date}
    assert len(found) > 20
    assert sorted(place for place, is_day in found if not is_day) == []


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
