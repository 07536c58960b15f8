"""The account's custom menu at the bottom of the chat, and what menu/create accepts of it.

Source: WeChat's page 自定义菜单. Each check has one code for top buttons and another for buttons of a sub-menu.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connectors.simulator.model.codes import Refusal

GRANTING = frozenset({"click", "scancode_push", "scancode_waitmsg"})
"""The types whose tap allows customer-service messages; no other does."""

PICTURES = frozenset({"pic_sysphoto", "pic_photo_or_album", "pic_weixin"})
"""The types whose tap sends pictures."""

KEYED = GRANTING | PICTURES | {"location_select"}
WITH_MEDIA = frozenset({"media_id", "view_limited"})
TYPES = KEYED | WITH_MEDIA | {"view", "miniprogram"}

TOP_BUTTONS = 3
SUB_BUTTONS = 5
NAME_BYTES = (16, 60)
KEY_BYTES = 128
URL_BYTES = 1024


@dataclass(frozen=True)
class Button:
    """One button, or a sub-menu when it has ``buttons``. ``names`` maps a language to its label.

    ``more`` are the fields that only some types have, such as a mini program's appid.
    """

    names: dict[str, str]
    type: str = ""
    key: str = ""
    url: str = ""
    buttons: tuple["Button", ...] = ()
    more: dict[str, str] = field(default_factory=dict)

    @property
    def event_key(self) -> str:
        """What the event of a tap carries."""
        if self.type == "miniprogram":
            return self.more.get("pagepath", "")
        return self.url if self.type == "view" else self.key

    @property
    def name(self) -> str:
        """The label that WeChat itself knows."""
        return self.names.get("zh-Hans") or next(iter(self.names.values()), "")


def taps(buttons: tuple[Button, ...]) -> Iterator[Button]:
    """Every button that does something when tapped."""
    for button in buttons:
        yield from taps(button.buttons) if button.buttons else (button,)


def menu_of(body: Mapping[str, Any]) -> tuple[Button, ...]:
    """The menu that a request to menu/create describes. Raises Refusal."""
    entries = body.get("button")
    if not isinstance(entries, list) or not 1 <= len(entries) <= TOP_BUTTONS:
        raise Refusal(40016)
    return tuple(_top(entry) for entry in entries)


def menu_fields(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """The same menu as menu/get tells it."""
    return [_fields(button) for button in buttons]


def _top(entry: Any) -> Button:
    inner = entry.get("sub_button") if isinstance(entry, dict) else None
    if not inner:
        return _leaf(entry, is_sub=False)
    if not isinstance(inner, list) or len(inner) > SUB_BUTTONS:
        raise Refusal(40023)
    if any(isinstance(one, dict) and one.get("sub_button") for one in inner):
        raise Refusal(40022)
    buttons = tuple(_leaf(one, is_sub=True) for one in inner)
    return Button({"zh-Hans": _name(entry, is_sub=False)}, buttons=buttons)


def _leaf(entry: Any, *, is_sub: bool) -> Button:
    name, kind = _name(entry, is_sub=is_sub), entry.get("type")
    if kind not in TYPES:
        raise Refusal(40024 if is_sub else 40017)
    key, url = str(entry.get("key") or ""), str(entry.get("url") or "")
    if len(key.encode()) > KEY_BYTES or (kind in KEYED and not key):
        raise Refusal(40026 if is_sub else 40019)
    if len(url.encode()) > URL_BYTES or (kind in ("view", "miniprogram") and not url):
        raise Refusal(40027 if is_sub else 40020)
    if url and not _is_address(url):
        raise Refusal(40054 if is_sub else 40055)
    if kind in WITH_MEDIA and not entry.get("media_id"):
        raise Refusal(40007)
    return Button({"zh-Hans": name}, str(kind), key, url, more=_more(entry, str(kind)))


def _more(entry: Mapping[str, Any], kind: str) -> dict[str, str]:
    if kind != "miniprogram":
        return {"media_id": str(entry["media_id"])} if kind in WITH_MEDIA else {}
    if not entry.get("appid") or not entry.get("pagepath"):
        raise Refusal(40035, "miniprogram")
    return {name: str(entry[name]) for name in ("appid", "pagepath")}


def _name(entry: Any, *, is_sub: bool) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= NAME_BYTES[is_sub]:
        raise Refusal(40025 if is_sub else 40018)
    return name


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _fields(button: Button) -> dict[str, Any]:
    if button.buttons:
        return {"name": button.name, "sub_button": menu_fields(button.buttons)}
    told = {"type": button.type, "name": button.name, "key": button.key, "url": button.url}
    return {name: value for name, value in told.items() if value} | button.more | {"sub_button": []}
