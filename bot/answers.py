"""What the engine says: texts of ``nlu_data/answers``, filled with facts of ``nlu_data/brand/facts.yml``.

Python 3.10 or newer: the connector speaks notices and the actions' answers with it, the brain everything else.
Files are read again when they change.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from bot.detail_files import PLACEHOLDER, read_details
from bot.details import Detail, asked_for, is_all
from bot.entries import LANGUAGES, Entry, read_entry
from bot.live import FileError, Live
from bot.spoken import Spoken

KINDS = (
    "answer",
    "social",
    "thanks",
    "question",
    "clarify",
    "fallback",
    "out_of_scope",
    "notice",
)
"""How an answer counts for the enquiry; see ``bot.turn``."""

_FIELDS = ("kind", "hand_over", "choices", *LANGUAGES)

Texts = dict[str, list[str]]
Choose = Callable[[Sequence[str]], str]
Required = Mapping[str, Sequence[str]]
NOTHING: Required = {}


class UnknownAnswer(KeyError):
    """There is no answer of this name, or it was not given a value that its text needs."""


@dataclass(frozen=True)
class Answer:
    """An answer as its file has it: for each language one or several texts to choose from."""

    kind: str
    texts: Texts
    choices: tuple[str, ...]
    hand_over: str | None


@dataclass(frozen=True)
class Contents:
    """All that the files say. ``details``: by answer; ``labels``: one-tap choices and names of intents, by key."""

    answers: dict[str, Answer]
    details: dict[str, list[Detail]]
    labels: dict[str, dict[str, str]]
    facts: dict[str, dict[str, str]]


class AnswerBook:
    """Every answer, in every language, as the files stand now."""

    def __init__(
        self, nlu_data: Path, choose: Choose = random.choice, *, required: Required = NOTHING
    ) -> None:
        """``choose`` picks one of several texts.

        ``required`` names answers that must be there, with the values that they will be given: a text that asks for
        more is broken. Raises FileError or OSError when a file is broken.
        """
        self._choose = choose
        self._contents: Live[Contents] = Live(
            lambda: _files(nlu_data), lambda: _read(nlu_data, required)
        )

    @property
    def names(self) -> frozenset[str]:
        """The names of all answers."""
        return frozenset(self._contents.value.answers)

    def speak(
        self, name: str, language: str | None, about: str = "", /, **values: object
    ) -> Spoken:
        """The answer ``name`` with its placeholders filled; of it only the details that ``about``, a message, asks of.

        Raises UnknownAnswer.
        """
        contents, language = self._contents.value, language or LANGUAGES[0]
        answer = contents.answers.get(name)
        if answer is None:
            raise UnknownAnswer(f"there is no answer {name}")
        facts = {fact: texts[language] for fact, texts in contents.facts.items()}
        details = asked_for(contents.details.get(name, ()), about)
        told = [each.told(about, language) for each in details]
        texts = told or [self._choose(answer.texts[language])]
        text = _filled(name, "\n".join(texts), facts | _texts(values))
        choices = tuple(contents.labels[key][language] for key in answer.choices)
        return Spoken(name, answer.kind, text, choices, answer.hand_over)

    def noted(self, spoken: Spoken, language: str | None) -> Spoken:
        """What is said where ``spoken`` was said just before: a person has been called, and sees what was added.

        What calls nobody stays as it is, and so does the answer to who asks for a person again.
        """
        if not spoken.hand_over or spoken.name == "utter_human_agent":
            return spoken
        return replace(spoken, text=self.speak("utter_noted", language).text)

    def fact(self, name: str, language: str) -> str:
        """A fact of ``facts.yml``. Raises UnknownAnswer."""
        facts = self._contents.value.facts
        if name not in facts:
            raise UnknownAnswer(f"there is no fact {name}")
        return facts[name][language]

    def asks_details(self, name: str, text: str) -> bool:
        """Whether a message asks of details of the answer ``name``."""
        return bool(asked_for(self._contents.value.details.get(name, ()), text))

    def is_of_details(self, name: str, text: str) -> bool:
        """Whether a message asks of details of the answer ``name`` and of nothing else: 运费算谁的."""
        return is_all(self._contents.value.details.get(name, ()), text)

    def label(self, key: str, language: str | None) -> str | None:
        """The one-tap choice or the name of the intent with this key, as a follower would type it."""
        texts = self._contents.value.labels.get(key)
        return texts[language or LANGUAGES[0]] if texts else None


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _filled(name: str, text: str, values: dict[str, str]) -> str:
    def value_of(match: "re.Match[str]") -> str:
        if match[1] not in values:
            raise UnknownAnswer(f"the answer {name} was given no {match[1]}")
        return values[match[1]]

    return PLACEHOLDER.sub(value_of, text)


def _files(nlu_data: Path) -> list[Path]:
    return [*sorted((nlu_data / "answers").rglob("*.yml")), nlu_data / "brand" / "facts.yml"]


def _read(nlu_data: Path, required: Required) -> Contents:
    *books, facts = [read_entry(path) for path in _files(nlu_data)]
    labels = dict(_labels(books))
    answers: dict[str, Answer] = {}
    for name, entry in _under(books, "answers"):
        if name in answers:
            entry.fail("stands in another file as well")
        answers[name] = _answer(entry, labels)
    known = {name: _fact(entry) for name, entry in facts.items()}
    _check_required(required, answers, known, nlu_data / "answers")
    return Contents(answers, dict(_details(books, answers, known)), labels, known)


def _check_required(
    required: Required, answers: dict[str, Answer], facts: dict[str, dict[str, str]], folder: Path
) -> None:
    for name, values in required.items():
        if name not in answers:
            raise FileError(f"{folder}: there is no answer {name}, and it is needed")
        for text in chain.from_iterable(answers[name].texts.values()):
            unknown = set(PLACEHOLDER.findall(text)) - set(values) - set(facts)
            if unknown:
                place = f"{folder}: answer {name}"
                raise FileError(f"{place} asks for {{{min(unknown)}}}, which nobody gives")


def _labels(books: list[Entry]) -> Iterator[tuple[str, dict[str, str]]]:
    for part in ("choices", "intents"):
        for name, entry in _under(books, part):
            yield name, entry.languages()


def _under(books: list[Entry], part: str) -> Iterator[tuple[str, Entry]]:
    for book in books:
        found = book.only("answers", "choices", "details", "intents").get(part)
        if found:
            yield from found.items()


def _answer(entry: Entry, labels: dict[str, dict[str, str]]) -> Answer:
    parts = entry.only(*_FIELDS)
    kind = entry.need("kind")
    if kind.text() not in KINDS:
        kind.fail(f"must be one of {', '.join(KINDS)}")
    choices = parts["choices"].list() if "choices" in parts else []
    for choice in choices:
        if choice.text() not in labels:
            choice.fail(f"names {choice.text()}, which is no choice of choices.yml")
    texts = {language: _variants(entry.need(language)) for language in LANGUAGES}
    hand_over = parts["hand_over"].text() if "hand_over" in parts else None
    return Answer(kind.text(), texts, tuple(choice.text() for choice in choices), hand_over)


def _details(
    books: list[Entry], answers: dict[str, Answer], facts: dict[str, dict[str, str]]
) -> Iterator[tuple[str, list[Detail]]]:
    seen: set[str] = set()
    for name, entry in _under(books, "details"):
        if name not in answers:
            entry.fail("is no answer, and so has no details")
        if name in seen:
            entry.fail("stands in another file as well")
        seen.add(name)
        texts = chain.from_iterable(answers[name].texts.values())
        values = {value for text in texts for value in PLACEHOLDER.findall(text)}
        yield name, read_details(entry, facts, values)


def _variants(entry: Entry) -> list[str]:
    texts = entry.texts() if entry.is_list else [entry.text()]
    return texts or entry.fail("needs at least one text")


def _fact(entry: Entry) -> dict[str, str]:
    return entry.languages() if entry.is_map else dict.fromkeys(LANGUAGES, entry.text())
