"""Answers that an agent might give: the bot's, late or as its candidates have them, and the canned replies that fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.normalizing import normalized
from connectors.desk.views.presenting import EVENTS
from connectors.store.conversations import Told
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


@dataclass(frozen=True)
class Question:
    """A follower's last words, when they came, and what the bot made of them: intents and what is named, if any."""

    text: str
    at: float
    intents: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()


def last_question(told: Sequence[Told]) -> Question | None:
    """The last words that say more than that a person is wanted."""
    for each in reversed(told):
        line, details = each.line, each.line.details
        is_words = line.author == "follower" and line.text and line.kind not in EVENTS
        if is_words and details.get("intent") != "human_agent":
            named = [one.partition("=") for one in details.get("entities", "").split("; ") if one]
            entities = tuple((kind, value) for kind, _, value in named)
            intents = tuple(details.get("candidates", "").split())
            return Question(line.text, line.at, intents, entities)
    return None


def suggestions(
    question: Question,
    canned: Sequence[Canned],
    to: Callable[[str], str],
    late: Sequence[LateAnswer] = (),
) -> list[Suggestion]:
    """At most MOST: what the bot said too late, the canned reply that fits best, the bot's candidates.

    ``to`` gives what the bot answers to an intent, empty for none.
    """
    best, said = _fitting(question.text, canned), {each.intent for each in late}
    found = [Suggestion(each.text, each.intent, "late") for each in late]
    found += [Suggestion(best.text, best.shortcut, "canned")] if best else []
    candidates = ((intent, to(intent)) for intent in question.intents if intent not in said)
    found += [Suggestion(text, intent) for intent, text in candidates if text]
    return found[:MOST]


def _fitting(words: str, canned: Sequence[Canned]) -> Canned | None:
    wanted = _pairs(words)
    scored = [(len(wanted & _pairs(f"{each.shortcut} {each.text}")), each) for each in canned]
    score, best = max(scored, key=lambda each: each[0], default=(0, None))
    return best if score >= FITTING else None


def _pairs(text: str) -> set[str]:
    form = normalized(text)
    return {form[at : at + 2] for at in range(len(form) - 1) if form[at : at + 2].isalnum()}
