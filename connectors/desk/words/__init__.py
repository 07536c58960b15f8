"""The desk's own words in Chinese and English, one module a page."""

from collections.abc import Mapping

from connectors.desk.words import alerts, board, conversation, door, frame, lists, routing

LANGUAGES = ("zh", "en")

WORDS: Mapping[str, tuple[str, str]] = {
    **frame.WORDS,
    **lists.WORDS,
    **conversation.WORDS,
    **door.WORDS,
    **alerts.WORDS,
    **board.WORDS,
    **routing.WORDS,
}


def say(language: str, name: str, **values: object) -> str:
    """One of the desk's texts."""
    return pick(language, WORDS[name]).format(**values)


def pick(language: str, pair: tuple[str, str]) -> str:
    """The text in this language, ``zh`` or ``en``."""
    return pair[LANGUAGES.index(language)]
