"""What custom/send accepts: the form of a customer-service message, before the question whether it may be sent.

Source: WeChat's page 发送客服消息; the limits of message menus are unpublished and set here with caution.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.simulator.model.account import Account
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.lines import Choice, Content, Part, parts_of

TEXT_BYTES = 2048
MENU_ITEMS = 10
MENU_ITEM_CHARACTERS = 40

_TAG = re.compile(r"<a\b[^>]*>|</a\s*>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"<a\b[^>]*>\s*</a", re.IGNORECASE)


def content_of(account: Account, body: Mapping[str, Any]) -> Content:
    """The message that a request body carries. Raises Refusal."""
    kind = body.get("msgtype")
    readers = {"text": _text, "msgmenu": _menu}
    if not isinstance(kind, str) or kind not in readers:
        raise Refusal(40008)
    inner = body.get(kind)
    if not isinstance(inner, dict):
        raise Refusal(44004 if kind == "text" else 40035)
    parts = readers[kind](account, inner)
    return Content(kind, parts, _is_ai(body), _kf_account(account, body))


def _text(account: Account, inner: Mapping[str, Any]) -> tuple[Part, ...]:
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise Refusal(44004)
    _check_size(content)
    _check_links(content)
    return parts_of(content)


def _menu(account: Account, inner: Mapping[str, Any]) -> tuple[Part, ...]:
    if not account.is_verified:
        raise Refusal(40200)
    items = inner.get("list")
    if not isinstance(items, list) or not items:
        raise Refusal(40035, "msgmenu.list")
    if len(items) > MENU_ITEMS:
        raise Refusal(45098)
    head, tail = str(inner.get("head_content") or ""), str(inner.get("tail_content") or "")
    _check_size(head + tail)
    parts = [Part(head)] if head else []
    for item in items:
        parts += [Part("\n")] * bool(parts) + [_item(item)]
    return (*parts, Part("\n" + tail)) if tail else tuple(parts)


def _item(item: Any) -> Part:
    if not isinstance(item, dict) or not item.get("content") or "id" not in item:
        raise Refusal(40035, "msgmenu.list")
    content = str(item["content"])
    if len(content) > MENU_ITEM_CHARACTERS:
        raise Refusal(45099)
    return Part(content, choice=Choice(str(item["id"]), content))


def _check_size(content: str) -> None:
    if len(content.encode()) > TEXT_BYTES:
        raise Refusal(45002)


def _check_links(content: str) -> None:
    opening = [tag[0].startswith("</") for tag in _TAG.finditer(content)]
    if any(is_end != bool(place % 2) for place, is_end in enumerate(opening)) or len(opening) % 2:
        raise Refusal(40213)
    if _EMPTY_LINK.search(content):
        raise Refusal(40214)


def _is_ai(body: Mapping[str, Any]) -> bool:
    context = body.get("aimsgcontext")
    return isinstance(context, dict) and context.get("is_ai_msg") == 1


def _kf_account(account: Account, body: Mapping[str, Any]) -> str | None:
    service = body.get("customservice")
    if service is None:
        return None
    name = service.get("kf_account") if isinstance(service, dict) else None
    if name not in account.kf_accounts:
        raise Refusal(65401)
    return str(name)
