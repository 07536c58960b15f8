"""Reading the details of answers, which ``nlu_data/answers/details`` holds."""

import re
from collections.abc import Collection

from bot.details import GAP, Case, Detail, pattern_of
from bot.entries import LANGUAGES, Entry
from bot.measures import MEASURES, measured

PLACEHOLDER = re.compile(r"{(\w+)}")

WHOLE = "whole"
"""The detail whose words ask of the whole answer."""

Facts = dict[str, dict[str, str]]
"""The texts of each fact by language."""


def read_details(entry: Entry, facts: Facts, values: Collection[str] = ()) -> list[Detail]:
    """The details of one answer; ``values`` is what its own texts are given. Raises FileError."""
    return [
        Detail(_words(each), {}) if key == WHOLE else _detail(each, facts, values)
        for key, each in entry.items()
    ]


def _words(entry: Entry) -> "re.Pattern[str]":
    words = entry.need("words").list()
    for word in words:
        if not all(part.strip() for part in word.text().split(GAP)):
            word.fail(f"needs words on both sides of {GAP}")
    return pattern_of([word.text() for word in words] or entry.fail("needs at least one word"))


def _detail(entry: Entry, facts: Facts, values: Collection[str]) -> Detail:
    parts = entry.only("words", "cases", *LANGUAGES)
    cases = dict(parts["cases"].items()) if "cases" in parts else {}
    return Detail(
        _words(entry),
        _told(entry, {*facts, *values}),
        {measure: _cases(told, measure, facts) for measure, told in cases.items()},
    )


def _cases(entry: Entry, measure: str, facts: Facts) -> list[Case]:
    if measure not in MEASURES:
        entry.fail(f"is no measure; known are {', '.join(MEASURES)}")
    cases = [_case(each, measure, facts) for each in entry.list()]
    limits = [float("inf") if case.most is None else case.most for case in cases]
    return cases if limits == sorted(set(limits)) else entry.fail("must go from small to large")


def _case(entry: Entry, measure: str, facts: Facts) -> Case:
    parts = entry.only("most", *LANGUAGES)
    most = _most(parts["most"], measure, facts) if "most" in parts else None
    return Case(most, _told(entry, {*facts, "n"}))


def _most(entry: Entry, measure: str, facts: Facts) -> float:
    """A number, or the quantity that a fact tells: ``return_days`` is 7."""
    fact = facts.get(entry.text())
    if fact is None:
        return entry.number()
    most = measured(measure, fact[LANGUAGES[0]])
    return entry.fail(f"is a fact without a quantity of {measure}") if most is None else most


def _told(entry: Entry, known: set[str]) -> dict[str, str]:
    """The texts, which may ask for what is ``known``."""
    texts = {language: entry.need(language) for language in LANGUAGES}
    for text in texts.values():
        if unknown := set(PLACEHOLDER.findall(text.text())) - known:
            text.fail(f"asks for {{{min(unknown)}}}, which is no fact of facts.yml")
    return {language: each.text() for language, each in texts.items()}
