"""WeChat's judgement of what a callback answered: shown, nothing to show, or abnormal.

Source: WeChat's pages 被动回复用户消息 and 消息加解密说明. Whatever is judged abnormal is delivered again,
and after the last delivery the follower sees the failure line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from connectors.simulator import crypto
from connectors.simulator.model.account import Account
from connectors.simulator.model.lines import Content, Part, parts_of, plain
from connectors.simulator.model.pushes import Push

NEWS_TO_EVENTS = 8

SILENT = frozenset({"transfer_customer_service", "transfer_biz_ai_ivr"})
"""Replies that hand the message to WeChat's own desk or AI: accepted, nothing to show."""


@dataclass(frozen=True)
class Answer:
    """What the callback answered: HTTP status and whole body."""

    status: int
    body: bytes


class Abnormal(Exception):
    """An answer that WeChat cannot use; the message says why."""


HasMedia = Callable[..., bool]
"""Whether the account has a file of this id, of one of these kinds."""


def judge(
    answer: Answer, push: Push, account: Account, has_media: HasMedia = lambda *_: False
) -> tuple[Content, ...]:
    """What the follower is shown, empty for nothing. Raises Abnormal."""
    if answer.status != 200:
        raise Abnormal(f"HTTP status {answer.status}")
    try:
        body = answer.body.decode()
    except UnicodeDecodeError as error:
        raise Abnormal("the body is not UTF-8") from error
    # These two are sent in clear text even in safe mode.
    if body in ("", "success"):
        return ()
    return _shown(_reply(_root(body), account), push, account, has_media)


def _root(body: str) -> Element:
    if not body.startswith("<xml>") or not body.endswith("</xml>"):
        raise Abnormal(f"neither success nor XML: {body[:40]!r}")
    try:
        return fromstring(body)  # type: ignore[no-any-return]
    except (ParseError, DefusedXmlException) as error:
        raise Abnormal(f"malformed XML: {error}") from error


def _reply(root: Element, account: Account) -> Element:
    """The reply itself, out of its envelope where it has one."""
    if root.find("Encrypt") is None:
        if account.mode == "safe":
            raise Abnormal("a reply in clear text in safe mode")
        return root
    if account.mode == "plain":
        raise Abnormal("an encrypted reply in plain mode")
    sealed, stamp = _need(root, "Encrypt"), (_need(root, "TimeStamp"), _need(root, "Nonce"))
    if not crypto.is_signature(_need(root, "MsgSignature"), account.token, *stamp, sealed):
        raise Abnormal("MsgSignature is wrong")
    try:
        return _root(crypto.unseal(sealed, crypto.key_of(account.aes_key), account.app_id))
    except crypto.SealBroken as error:
        raise Abnormal(f"Encrypt cannot be opened: {error}") from error


def _shown(
    reply: Element, push: Push, account: Account, has_media: HasMedia
) -> tuple[Content, ...]:
    _check_addresses(reply, push, account)
    kind = _need(reply, "MsgType")
    if kind in SILENT:
        return ()
    if kind == "text":
        return (_text(reply, account.passive_text_bytes),)
    if kind == "news":
        return (_news(reply, push),)
    if kind in _MEDIA:
        return (_with_media(reply, kind, has_media),)
    raise Abnormal(f"unknown MsgType {kind!r}")


def _check_addresses(reply: Element, push: Push, account: Account) -> None:
    if _need(reply, "ToUserName") != push.openid:
        raise Abnormal("ToUserName is not the follower")
    if _need(reply, "FromUserName") != account.original_id:
        raise Abnormal("FromUserName is not the account")
    if not _need(reply, "CreateTime").isdecimal():
        raise Abnormal("CreateTime is no whole number")


def _text(reply: Element, limit: int) -> Content:
    text = _need(reply, "Content")
    if len(text.encode()) > limit:
        raise Abnormal(f"Content is longer than {limit} bytes")
    return Content("text", parts_of(text))


_MEDIA = {
    "image": ("Image/MediaId", ("image",)),
    "voice": ("Voice/MediaId", ("voice",)),
    "video": ("Video/MediaId", ("video",)),
    "music": ("Music/ThumbMediaId", ("thumb", "image")),
}
"""Where each type names its file, and which kinds of file will do."""


def _with_media(reply: Element, kind: str, has_media: HasMedia) -> Content:
    path, kinds = _MEDIA[kind]
    media_id = _need(reply, path)
    if not has_media(media_id, *kinds):
        raise Abnormal(f"{kind}: unknown media id")
    title = reply.findtext(f"{kind.capitalize()}/Title") or ""
    href = reply.findtext("Music/MusicUrl") or None
    return Content(kind, (Part(title, href=href),) if title else (), media=media_id)


def _news(reply: Element, push: Push) -> Content:
    articles = reply.findall("Articles/item")
    if not articles or _need(reply, "ArticleCount") != str(len(articles)):
        raise Abnormal("ArticleCount does not match the articles")
    # A message is answered with one article; surplus ones are dropped.
    kept = articles[: NEWS_TO_EVENTS if push.event else 1]
    titles = [Part(_need(item, "Title"), href=item.findtext("Url") or None) for item in kept]
    return Content("news", tuple(titles)) if titles else plain("", "news")


def _need(element: Element, name: str) -> str:
    text = element.findtext(name)
    if not text:
        raise Abnormal(f"{name} is missing or empty")
    return text
