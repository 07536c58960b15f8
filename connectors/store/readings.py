"""Reading many small records again and again, of which few have changed."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Readings(Generic[T]):
    """Turns JSON into values that nobody changes; what stood there the last time as well is not read once more.

    What is no longer there is forgotten with the next reading.
    """

    def __init__(self, kind: TypeAdapter[T]) -> None:
        self._kind = kind
        self._before: dict[str | bytes, T] = {}

    def of(self, written: Iterable[str | bytes]) -> list[T]:
        """The values, in the order in which they are written."""
        before, read = self._before, []
        now: dict[str | bytes, T] = {}
        for each in written:
            value = before[each] if each in before else self._kind.validate_json(each)
            now[each] = value
            read.append(value)
        self._before = now
        return read
