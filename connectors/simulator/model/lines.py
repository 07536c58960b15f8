"""What a follower sees: lines of text with links and choices to tap."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

Side = Literal["follower", "account", "system"]

FAILURE_LINE = "该公众号提供的服务出现故障，请稍后再试"
"""The grey line that WeChat shows when a server gave no usable answer."""

_LINK = re.compile(r"<a\s[^>]*?href\s*=\s*([\"'])(.*?)\1[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_CHOICE = re.compile(r"weixin://bizmsgmenu\?msgmenucontent=(.*?)(?:&msgmenuid=(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Choice:
    """Something to tap: the tap sends ``content`` as a text message that carries ``id``."""

    id: str
    content: str


@dataclass(frozen=True)
class Part:
    """A stretch of text; with ``href`` a link, with ``choice`` a tap."""

    text: str
    href: str | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class Content:
    """What a message says, whichever way it came. ``kind`` is WeChat's message type, ``media`` a media id."""

    kind: str
    parts: tuple[Part, ...]
    is_ai: bool = False
    kf_account: str | None = None
    media: str | None = None

    @property
    def text(self) -> str:
        """The words as a follower reads them."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Line:
    """One line on the phone. ``at`` in Unix seconds of the simulated clock; ``way`` is how the account's words came."""

    number: int
    at: float
    side: Side
    content: Content
    way: Literal["passive", "custom"] | None = None
    push: str | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be tapped in it."""
        return tuple(part.choice for part in self.content.parts if part.choice)


def plain(text: str, kind: str = "text") -> Content:
    """Text without anything to tap."""
    return Content(kind, (Part(text),))


def parts_of(text: str) -> tuple[Part, ...]:
    """Text as WeChat's client shows it: ``<a href>`` become links, ``weixin://bizmsgmenu`` links choices."""
    parts, end = [], 0
    for link in _LINK.finditer(text):
        if link.start() > end:
            parts.append(Part(text[end : link.start()]))
        parts.append(_linked(unescape(link[2]), unescape(link[3])))
        end = link.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def _linked(href: str, text: str) -> Part:
    # The content is taken as it stands: by practice it is not percent-encoded (unconfirmed).
    if choice := _CHOICE.fullmatch(href):
        return Part(text, choice=Choice(choice[2] or "0", choice[1]))
    return Part(text, href=href)
