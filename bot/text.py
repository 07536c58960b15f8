"""Texts within WeChat's bounds: cut between characters, and with nothing in them that the client would act upon."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from bot.messages import Bubble

TEXT_BYTES = 2048
"""What a text may hold in UTF-8; no official figure exists for passive ones, practice cuts here."""

CHOICE_BYTES = 120
"""What the markup of one tappable choice adds to its text, which stands in it twice."""

SMALLEST_PIECE_BYTES = 400
"""So much of a bubble goes beside its choices, however many they are."""

SLACK_BYTES = 8
"""For the lines between, and for the ends of a link that had to be cut."""

_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNSAFE = re.compile(
    # Control characters; surrogates and what is no character; marks that turn the direction of what follows.
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_ANCHOR = re.compile(r"<(/?)a(?=[\s>/]|$)[^<>]*>?", re.IGNORECASE)
_LINK = re.compile(
    r'<a( (href="(https?://|weixin://|tel:|mailto:)[^"<>]*"'
    r'|data-miniprogram-(appid|path|type)="[^"<>]*"))+>(?!\s*</a>)[^<>]+</a>'
)
"""A link as WeChat takes it: quoted, of a known scheme, around words (else it refuses with 40213, 40214, 45086)."""


def safe(text: str) -> str:
    """``text`` without what XML forbids, what turns the direction of words, and other control characters."""
    return _UNSAFE.sub("", _BREAKS.sub("\n", text))


def linked(text: str) -> str:
    """A safe text in which sound links stay links, and whatever only begins like one is shown as it is written."""
    text, parts, end = safe(text), [], 0
    for link in _LINK.finditer(text):
        parts += [_shown(text[end : link.start()]), link[0]]
        end = link.end()
    return "".join([*parts, _shown(text[end:])])


def _shown(text: str) -> str:
    return _ANCHOR.sub(lambda tag: "＜" + tag[0][1:], text)


def pieces(text: str, limit: int = TEXT_BYTES - 4 * CHOICE_BYTES) -> Iterator[str]:
    """Cut ``text`` into parts of at most ``limit`` UTF-8 bytes, none of them blank.

    The cut is between characters as people see them (an emoji of several code points is one), not inside a link, and
    best at a line's or a sentence's end.
    """
    rest = linked(text).strip()
    while len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode(errors="ignore")
        cut = _sentence_end(rest, head) or _border(rest, len(head))
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def room_for_text(choices: tuple[str, ...], mark: str = "") -> int:
    """How many bytes of a text fit into one bubble beside its choices and its mark."""
    return max(TEXT_BYTES - _extras(choices, mark), SMALLEST_PIECE_BYTES)


def weight(bubble: Bubble) -> int:
    """At most how many bytes the bubble takes once it is rendered for WeChat, the line between two bubbles included."""
    shown = len(linked(bubble.text).encode())
    return shown + _extras(bubble.choices, bubble.mark)


def _extras(choices: tuple[str, ...], mark: str) -> int:
    tappable = sum(2 * len(escape(choice).encode()) + CHOICE_BYTES for choice in choices)
    return tappable + len(mark.encode()) + SLACK_BYTES


def _sentence_end(text: str, head: str) -> int:
    """Where the last line or sentence of ``head`` ends, if that is in its second half and in no link; else 0."""
    cut = max(head.rfind("\n"), head.rfind("。") + 1, head.rfind(". ") + 1)
    return cut if cut > len(head) // 2 and cut == _out_of_link(text, cut) else 0


def _border(text: str, cut: int) -> int:
    """The last place up to ``cut`` that is neither inside a link nor inside what people see as one character."""
    cut = _out_of_link(text, cut) or cut
    border = cut
    while border > 0 and _is_joined(text, border):
        border -= 1
    # Something longer than a whole piece has to be cut somewhere.
    return border or cut


def _out_of_link(text: str, cut: int) -> int:
    """``cut``, or where the link begins that it would cut."""
    opening = text.rfind("<a ", 0, cut + 2)
    closing = text.find("</a>", opening) if 0 <= opening < cut else -1
    return opening if closing >= 0 and closing + len("</a>") > cut else cut


def _is_joined(text: str, border: int) -> bool:
    """Whether the characters around ``border`` are shown as one."""
    before, after = text[border - 1], text[border : border + 1]
    if not after:
        return False
    if before == "\u200d" or after == "\u200d" or _follows(after):
        return True
    return _is_flag(after) and _flags_before(text, border) % 2 == 1


def _follows(character: str) -> bool:
    """Whether it changes the character before it: an accent, a variant, a skin tone, a tag."""
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    is_tag = "\U000e0020" <= character <= "\U000e007f"
    return is_tone or is_tag or unicodedata.category(character) in ("Mn", "Me", "Mc")


def _is_flag(character: str) -> bool:
    """Whether it is one of the letters of which two make a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, border: int) -> int:
    count = 0
    while count < border and _is_flag(text[border - 1 - count]):
        count += 1
    return count
