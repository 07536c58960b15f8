"""A follower's message read as one of the choices that were offered last."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Inbound

_NUMBER = re.compile(r"\(?([1-9][0-9]?)\)?[.,、。,]?")


def as_chosen(message: Inbound, choices: Sequence[str]) -> Inbound:
    """The message with the words of the choice that it names by number, or that it tapped; else as it is.

    Taps were reported without their id. Words that repeat an offered choice are therefore taken for a tap, which allows
    fewer messages than typing: the platform must not refuse what was promised.
    """
    if message.kind != "text" or message.choice_id is not None or not choices:
        return message
    if message.text in choices:
        return replace(message, choice_id="")
    number = _number(message.text)
    return replace(message, text=choices[number - 1]) if 0 < number <= len(choices) else message


def _number(text: str) -> int:
    """``2``, ``２``, ``②``, ``(2)`` or ``2.`` as 2; anything else as 0."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    return int(found[1]) if found else 0
