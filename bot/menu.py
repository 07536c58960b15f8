"""The account's custom menu: what a tap on one of its buttons means as typed text.

File: ``nlu_data/brand/menu.yml``, ``buttons`` with ``name``, ``type``, ``key`` and ``says``; sub-menus
under ``buttons`` again.
"""

from collections.abc import Iterator
from pathlib import Path

from bot.entries import Entry, read_entry
from bot.live import Live

Sayings = dict[str, dict[str, str]]


class MenuBook:
    """Rereads the menu when its file changes; a broken edit keeps the last good one."""

    def __init__(self, path: Path) -> None:
        """Raises FileError when the file is broken, OSError when it is not there."""
        self._sayings: Live[Sayings] = Live(lambda: [path], lambda: _sayings(path))

    def says(self, key: str, language: str | None) -> str | None:
        """What a tap on the button with this key means as typed text; None for an unknown key."""
        texts = self._sayings.value.get(key)
        return texts.get(language or "zh-Hans") if texts else None


def _sayings(path: Path) -> Sayings:
    return dict(_taps(read_entry(path).need("buttons")))


def _taps(buttons: Entry) -> Iterator[tuple[str, dict[str, str]]]:
    for button in buttons.list():
        if inner := button.get("buttons"):
            yield from _taps(inner)
        elif said := button.get("says"):
            yield button.need("key").text(), said.languages()
