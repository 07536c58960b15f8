"""What custom/send accepts: the form of a customer-service message, before the question whether it may be sent.

Source: WeChat's page 发送客服消息; the limits of message menus are unpublished and set here with caution.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.simulator.model.account import TEXT_BYTES, Account
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.lines import Choice, Content, Part, parts_of

MENU_ITEMS = 10
MENU_ITEM_CHARACTERS = 40

NOT_PERMITTED = frozenset({"mpnews", "wxcard", "link"})
"""Withdrawn, or for other accounts than those played here."""

_TAG = re.compile(r"<a\b[^>]*>|</a\s*>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"<a\b[^>]*>\s*</a", re.IGNORECASE)

Inner = Mapping[str, Any]
HasMedia = Callable[..., bool]
"""Whether the account has a file of this id, of one of these kinds."""


def content_of(account: Account, body: Inner, has_media: HasMedia) -> Content:
    """The message that a request body carries. Raises Refusal."""
    kind = body.get("msgtype")
    if kind in NOT_PERMITTED:
        raise Refusal(48008)
    if kind == "mpnewsarticle":
        raise Refusal(53600)  # no article is ever published here
    if not isinstance(kind, str) or kind not in _READERS:
        raise Refusal(40008)
    inner = body.get(kind)
    if not isinstance(inner, dict):
        raise Refusal(44004 if kind == "text" else 40035)
    if kind == "msgmenu" and not account.may("message_menus"):
        raise Refusal(40200)
    media = _media(kind, inner, has_media)
    return Content(kind, _READERS[kind](inner), _is_ai(body), _kf_account(account, body), media)


def _media(kind: str, inner: Inner, has_media: HasMedia) -> str | None:
    """The file that the message is, or its cover; each must be there."""
    for name, kinds in _MEDIA[kind]:
        if not has_media(inner.get(name), *kinds):
            raise Refusal(40007)
    names = [name for name, _ in _MEDIA[kind]]
    return str(inner[names[0]]) if names else None


def _text(inner: Inner) -> tuple[Part, ...]:
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise Refusal(44004)
    _check_size(content)
    _check_links(content)
    return parts_of(content)


def _menu(inner: Inner) -> tuple[Part, ...]:
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


def _news(inner: Inner) -> tuple[Part, ...]:
    articles = inner.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refusal(44003)
    if len(articles) > 1:
        raise Refusal(45008)
    if not isinstance(articles[0], dict):
        raise Refusal(40035, "news.articles")
    return _linked(articles[0], "title", "url")


def _music(inner: Inner) -> tuple[Part, ...]:
    return _linked({"title": "music", **inner}, "title", "musicurl")


def _mini_program(inner: Inner) -> tuple[Part, ...]:
    _need(inner, "appid", "pagepath")
    return _linked(inner, "title", "")


def _captioned(inner: Inner) -> tuple[Part, ...]:
    return (Part(str(inner["title"])),) if inner.get("title") else ()


def _linked(inner: Inner, title: str, href: str) -> tuple[Part, ...]:
    _need(inner, title, *[href] * bool(href))
    return (Part(str(inner[title]), href=str(inner[href]) if href else None),)


def _need(inner: Inner, *names: str) -> None:
    for name in names:
        if not inner.get(name) or not isinstance(inner[name], str):
            raise Refusal(40035, name)


_READERS: dict[str, Callable[[Inner], tuple[Part, ...]]] = {
    "text": _text,
    "msgmenu": _menu,
    "news": _news,
    "image": _captioned,
    "voice": _captioned,
    "video": _captioned,
    "music": _music,
    "miniprogrampage": _mini_program,
}
_COVER = ("thumb_media_id", ("thumb", "image"))
_MEDIA: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    **dict.fromkeys(_READERS, ()),
    "image": (("media_id", ("image",)),),
    "voice": (("media_id", ("voice",)),),
    "video": (("media_id", ("video",)), _COVER),
    "music": (_COVER,),
    "miniprogrampage": (_COVER,),
}
"""The media ids that each type needs, with the kinds of file that will do."""


def _check_size(content: str) -> None:
    if len(content.encode()) > TEXT_BYTES:
        raise Refusal(45002)


def _check_links(content: str) -> None:
    opening = [tag[0].startswith("</") for tag in _TAG.finditer(content)]
    if any(is_end != bool(place % 2) for place, is_end in enumerate(opening)) or len(opening) % 2:
        raise Refusal(40213)
    if _EMPTY_LINK.search(content):
        raise Refusal(40214)


def _is_ai(body: Inner) -> bool:
    context = body.get("aimsgcontext")
    return isinstance(context, dict) and context.get("is_ai_msg") == 1


def _kf_account(account: Account, body: Inner) -> str | None:
    service = body.get("customservice")
    if service is None:
        return None
    name = service.get("kf_account") if isinstance(service, dict) else None
    if name not in account.kf_accounts:
        raise Refusal(65401)
    return str(name)
