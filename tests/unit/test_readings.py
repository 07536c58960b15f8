"""Reading again what has hardly changed."""

import pytest
from pydantic import TypeAdapter, ValidationError

from connectors.store.readings import Readings


def test_what_has_not_changed_is_the_same_value() -> None:
    readings = Readings(TypeAdapter(dict[str, int]))
    first = readings.of(['{"a": 1}', '{"b": 2}'])
    again = readings.of(['{"b": 3}', '{"a": 1}', '{"a": 1}'])
    assert again == [{"b": 3}, {"a": 1}, {"a": 1}]
    assert again[1] is again[2] is first[0]


def test_what_was_gone_is_read_anew() -> None:
    readings = Readings(TypeAdapter(dict[str, int]))
    (first,) = readings.of(['{"a": 1}'])
    assert readings.of([]) == []
    (again,) = readings.of(['{"a": 1}'])
    assert again == first
    assert again is not first


def test_what_cannot_be_read_hides_nothing() -> None:
    readings = Readings(TypeAdapter(dict[str, int]))
    with pytest.raises(ValidationError):
        readings.of(['{"a": "one"}'])
