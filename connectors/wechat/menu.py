"""The account's menu as WeChat takes it: ``nlu_data/brand/menu.yml`` checked by the platform's limits.

Source: WeChat's page 创建接口 of the custom menu (自定义菜单).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.entries import Entry, read_entry

MOST_BUTTONS = 3
MOST_SUB_BUTTONS = 5
NAME_BYTES = 16
SUB_NAME_BYTES = 60
KEY_BYTES = 128
URL_BYTES = 1024

FIELDS: Mapping[str, tuple[str, ...]] = {
    "click": ("key",),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "scancode_push": ("key",),
    "scancode_waitmsg": ("key",),
    "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",),
    "pic_weixin": ("key",),
    "location_select": ("key",),
}
"""What each type of button needs."""

OURS = ("says",)
"""Fields that only the engine reads."""

Button = dict[str, Any]


def menu_body(path: Path) -> dict[str, list[Button]]:
    """The body of ``menu/create``. Raises FileError, which names file, line and limit, or OSError."""
    keys: set[str] = set()
    buttons = read_entry(path).need("buttons")
    return {"button": [_top(each, keys) for each in _counted(buttons, MOST_BUTTONS)]}


def outline(buttons: Any) -> list[str]:
    """What people see of a menu, a line a button; of WeChat's own answer as well as of a body of ours."""
    lines = []
    for button in buttons:
        lines.append(_line(button))
        lines += [f"  {_line(each)}" for each in button.get("sub_button") or ()]
    return lines


def _top(button: Entry, keys: set[str]) -> Button:
    inner = button.get("buttons")
    if not inner:
        return _tap(button, NAME_BYTES, keys)
    button.only("name", "buttons")
    subs = [_tap(each, SUB_NAME_BYTES, keys) for each in _counted(inner, MOST_SUB_BUTTONS)]
    return {"name": _short(button.need("name"), NAME_BYTES), "sub_button": subs}


def _tap(button: Entry, name_bytes: int, keys: set[str]) -> Button:
    """A button that does something."""
    name, kind = button.need("name"), button.need("type")
    if kind.text() not in FIELDS:
        kind.fail(f"must be one of {', '.join(FIELDS)}")
    fields = FIELDS[kind.text()]
    button.only("name", "type", *fields, *OURS)
    told = {"type": kind.text(), "name": _short(name, name_bytes)}
    return told | {field: _value(button.need(field), field, keys) for field in fields}


def _value(entry: Entry, field: str, keys: set[str]) -> str:
    if field == "url":
        entry.match(r"https?://\S+", "an http:// or https:// address")
        return _short(entry, URL_BYTES)
    if field != "key":
        return entry.text()
    key = _short(entry, KEY_BYTES)
    if key in keys:
        entry.fail("is another button's key as well")
    keys.add(key)
    return key


def _short(entry: Entry, most: int) -> str:
    text, size = entry.text(), len(entry.text().encode())
    if size > most:
        entry.fail(
            f"is too long: {size} bytes, and WeChat takes {most} (a Chinese character has 3)"
        )
    return text


def _counted(entry: Entry, most: int) -> list[Entry]:
    entries = entry.list()
    if not entries:
        entry.fail("is empty")
    if len(entries) > most:
        entries[most].fail(f"is one button too many: WeChat takes {most} here")
    return entries


def _line(button: Button) -> str:
    does = button.get("key") or button.get("url") or ""
    return f"{button.get('name', '')}  {does}".rstrip()
