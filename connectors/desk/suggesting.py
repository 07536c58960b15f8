"""Answers that an agent might give: the bot's, late or as its candidates have them, and the canned replies that fit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers import AnswerBook, UnknownAnswer
from bot.normalizing import normalized
from connectors.store.desk.canned import Canned
from connectors.store.late import LateAnswer

MOST = 3
FITTING = 2
"""So many pairs of letters must a canned reply have in common with what the follower said."""


@dataclass(frozen=True)
class Suggestion:
    """A text to insert. ``source`` is an intent's name, or a canned reply's shortcut."""

    text: str
    source: str
    kind: Literal["bot", "canned", "late"] = "bot"


def suggestions(
    words: str,
    intents: Iterable[str],
    canned: Sequence[Canned],
    answers: AnswerBook,
    language: str | None,
    late: Sequence[LateAnswer] = (),
) -> list[Suggestion]:
    """At most MOST: what the bot said too late, the canned reply that fits best, the bot's candidates."""
    best, said = _fitting(words, canned), {each.intent for each in late}
    mine = [Suggestion(best.text, best.shortcut, "canned")] if best else []
    missed = [Suggestion(each.text, each.intent, "late") for each in late]
    others = [intent for intent in intents if intent not in said]
    return [*missed, *mine, *_candidates(others, answers, language)][:MOST]


def _candidates(
    intents: Iterable[str], answers: AnswerBook, language: str | None
) -> Iterator[Suggestion]:
    """The answers that need nothing looked up; those that only say that a person comes are left out."""
    for intent in intents:
        try:
            spoken = answers.speak(f"utter_{intent}", language)
        except UnknownAnswer:
            continue
        if spoken.kind == "answer":
            yield Suggestion(spoken.text, intent)


def _fitting(words: str, canned: Sequence[Canned]) -> Canned | None:
    wanted = _pairs(words)
    scored = [(len(wanted & _pairs(f"{each.shortcut} {each.text}")), each) for each in canned]
    score, best = max(scored, key=lambda each: each[0], default=(0, None))
    return best if score >= FITTING else None


def _pairs(text: str) -> set[str]:
    form = normalized(text)
    return {form[at : at + 2] for at in range(len(form) - 1) if form[at : at + 2].isalnum()}
