"""Messages that come in together are read together."""

import asyncio
import threading
from collections.abc import Sequence

from components.together import Together


async def test_texts_of_one_moment_are_read_at_once_and_later_ones_later() -> None:
    read: list[list[str]] = []
    together = Together(lambda texts: read.append(list(texts)))
    await asyncio.gather(*(together.read(text) for text in "abc"))
    await together.read("d")
    assert read == [["a", "b", "c"], ["d"]]


async def test_a_message_that_is_given_up_leaves_the_others_alone() -> None:
    read: list[list[str]] = []
    together = Together(lambda texts: read.append(list(texts)))
    first, second = (asyncio.ensure_future(together.read(text)) for text in "ab")
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert read == [["a", "b"]]


async def test_what_cannot_be_read_ahead_is_no_fault_yet() -> None:
    def read(texts: Sequence[str]) -> None:
        raise ValueError(texts)

    together = Together(read)
    await together.read("a")
    await together.read("b")


async def test_what_comes_in_during_a_reading_is_read_at_once_after_it_and_nobody_else_is_held_up() -> (
    None
):
    read: list[list[str]] = []
    go_on = threading.Event()

    def slow(texts: Sequence[str]) -> None:
        read.append(list(texts))
        go_on.wait(5)

    together = Together(slow)
    first = asyncio.ensure_future(together.read("a"))
    while not read:
        await asyncio.sleep(0)
    others = [asyncio.ensure_future(together.read(text)) for text in "bc"]
    await asyncio.sleep(0)
    assert not first.done()
    go_on.set()
    await asyncio.gather(first, *others)
    assert read == [["a"], ["b", "c"]]
