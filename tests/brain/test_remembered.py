"""Texts are read once, also when several threads ask for them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import numpy as np
from components.remembered import Remembered


class Reader:
    """Reads a text as its length, and notes what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        return np.array([[len(text)] for text in texts])


def test_a_text_is_read_once_and_rows_stand_in_the_order_of_the_texts() -> None:
    reader = Reader()
    remembered = Remembered(reader, Lock())
    assert [int(row[0]) for row in remembered(["ab", "a", "ab"])] == [2, 1, 2]
    assert [int(row[0]) for row in remembered(["abc", "a"])] == [3, 1]
    assert reader.read == ["ab", "a", "abc"]


def test_one_normalised_form_is_one_text() -> None:
    reader = Reader()
    remembered = Remembered(reader, Lock())
    remembered(["ＡＢ", "ab"])
    assert len(reader.read) == 1


def test_threads_that_ask_for_the_same_text_read_it_once() -> None:
    reader, together = Reader(), Barrier(8)
    remembered = Remembered(reader, Lock())

    def ask(number: int) -> int:
        together.wait(5)
        return int(remembered(["ab", f"{number:03}"])[0][0])

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {2}
    assert sorted(reader.read) == sorted({"ab", *(f"{number:03}" for number in range(8))})
