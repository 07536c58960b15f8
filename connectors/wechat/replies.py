"""Bubbles as WeChat shows them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from bot.messages import Bubble
from bot.text import linked
from connectors.wechat import library
from connectors.wechat.pushes import Push

SUCCESS = "success"
"""What tells WeChat that nothing is to be shown and nothing to be repeated; never encrypted."""


_ANCHOR = re.compile(r"</?a\b[^>]*>", re.IGNORECASE)


def passive_text(bubbles: Sequence[Bubble], *, is_numbered: bool = False) -> str:
    """All the bubbles of one passive reply as one text; each choice is a link that types it.

    ``is_numbered``: the last choices bear numbers, which followers may type instead.
    """
    last = max((n for n, bubble in enumerate(bubbles) if bubble.choices), default=None)
    return "\n\n".join(
        text_with_links(_marked(bubble), is_numbered=is_numbered and number == last)
        for number, bubble in enumerate(bubbles)
    )


def text_with_links(bubble: Bubble, *, is_numbered: bool = False) -> str:
    """A bubble's text with its choices as tappable lines; works where message menus are not allowed."""
    lines = [
        f"{f'{number}.' if is_numbered else '▸'} {_link(choice)}"
        for number, choice in enumerate(bubble.choices, 1)
    ]
    return "\n".join([bubble.text, *lines])


def _marked(bubble: Bubble) -> Bubble:
    """A passive reply has no field that says who made it, and so its text says it."""
    return replace(bubble, text=f"{bubble.text}\n{bubble.mark}") if bubble.mark else bubble


def text_without_links(bubble: Bubble) -> str:
    """A bubble's text with its choices as lines that can only be read, and all markup of links taken away."""
    bare = _ANCHOR.sub("", bubble.text)
    return "\n".join([bare, *(f"▸ {choice}" for choice in bubble.choices)])


def message_menu(bubble: Bubble) -> dict[str, object]:
    """A bubble with choices as the body of a ``msgmenu`` message."""
    choices = [
        {"id": f"{bubble.id}.{number}", "content": choice}
        for number, choice in enumerate(bubble.choices, 1)
    ]
    return {"head_content": linked(bubble.text), "list": choices, "tail_content": ""}


def response_body(
    push: Push, bubbles: tuple[Bubble, ...], token: str, now: float, *, is_numbered: bool = False
) -> str:
    """The body of the HTTP response that brings the bubbles to the follower."""
    if not bubbles:
        return SUCCESS
    xml = _xml(push, bubbles, now, is_numbered=is_numbered)
    return library.sealed_reply(push.cipher, token, xml, now) if push.cipher else xml


def _xml(push: Push, bubbles: tuple[Bubble, ...], now: float, *, is_numbered: bool) -> str:
    follower, account = push.message.openid, push.original_id
    if any(bubble.instead for bubble in bubbles):
        return library.transfer_reply(follower, account, now)
    text = passive_text(bubbles, is_numbered=is_numbered)
    return library.text_reply(text, follower, account, now)


def _link(choice: str) -> str:
    label = escape(choice)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={label}&msgmenuid=1">{label}</a>'
