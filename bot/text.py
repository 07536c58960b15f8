"""Texts within WeChat's bounds."""

from collections.abc import Iterator

from bot.messages import Bubble

TEXT_BYTES = 2048
"""What a passive text may hold in UTF-8; no official figure exists, practice cuts here."""

CHOICE_BYTES = 120
"""What the markup of one tappable choice adds to its text, which stands in it twice."""


def pieces(text: str, limit: int = TEXT_BYTES - 4 * CHOICE_BYTES) -> Iterator[str]:
    """Cut ``text`` into parts of at most ``limit`` UTF-8 bytes, between characters and best at a line's end."""
    rest = text
    while len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode(errors="ignore")
        cut = max(head.rfind("\n"), head.rfind("。") + 1, head.rfind(". ") + 1)
        cut = cut if cut > len(head) // 2 else len(head)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def weight(bubble: Bubble) -> int:
    """About how many bytes the bubble takes once it is rendered for WeChat, the line between two bubbles included."""
    choices = sum(2 * len(choice.encode()) + CHOICE_BYTES for choice in bubble.choices)
    return len(bubble.text.encode()) + choices + 2
