"""Reads the account's menu from ``nlu_data/brand/menu.yml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.entries import read_plain
from connectors.simulator.model.menu import Button


def read_menu(path: Path | None) -> tuple[Button, ...]:
    """The buttons in the file; none when there is no file. Raises FileError for a broken one."""
    if path is None or not path.exists():
        return ()
    content = read_plain(path) or {}
    return tuple(_button(entry) for entry in content.get("buttons") or ())


def _button(entry: Mapping[str, Any]) -> Button:
    inner = tuple(_button(one) for one in entry.get("buttons") or ())
    return Button(
        names=_names(entry.get("name", "")),
        type="" if inner else str(entry.get("type", "click")),
        key=str(entry.get("key", "")),
        url=str(entry.get("url", "")),
        buttons=inner,
    )


def _names(name: Any) -> dict[str, str]:
    """One label for all languages, or a label for each."""
    if isinstance(name, Mapping):
        return {str(language): str(text) for language, text in name.items()}
    return {"zh-Hans": str(name)}
