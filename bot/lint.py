"""What is doubtful in the training data: each finding is one sentence that names file and line."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.corpus import Example
from bot.normalizing import normalized

FEWEST = 40
"""An intent with fewer examples than this is learnt badly."""

ALIKE = 0.85
"""From this share of common pairs of characters on, two texts are nearly the same."""

SHORTEST = 6
"""Shorter texts share most of their characters by chance."""

_MARKUP = re.compile(r"\[([^\]]*)\]\((\w+)\)|\[([^\]]*)\]\{[^}]*\"entity\": *\"(\w+)\"[^}]*\}")
_NOISE = re.compile(r"[\W_]+")


def faults(examples: Sequence[Example], entities: Iterable[str]) -> Iterator[str]:
    """What must be mended before anything is trained: one text under two intents, markup that means nothing."""
    known = frozenset(entities)
    for text, alike in _by_form(examples).items():
        first, *others = alike
        other = next((each for each in others if each.intent != first.intent), None)
        if other:
            yield (
                f'{other.place}: "{other.text}" is {other.intent} here and {first.intent}'
                f" in {first.place}; one message can have one intent only ({text})"
            )
    for example in examples:
        yield from _misaligned(example, known)


def warnings(examples: Sequence[Example], tests: Sequence[Example]) -> Iterator[str]:
    """What is worth a look: thin intents, doubled and nearly doubled texts, test messages that were learnt."""
    yield from _thin(examples)
    yield from _doubled(examples)
    yield from _near(examples)
    yield from _leaked(examples, tests)


def _by_form(examples: Iterable[Example]) -> Mapping[str, list[Example]]:
    forms: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        forms[normalized(example.text)].append(example)
    return forms


def _misaligned(example: Example, entities: frozenset[str]) -> Iterator[str]:
    for match in _MARKUP.finditer(example.text):
        text, kind = match[1] or match[3] or "", match[2] or match[4]
        if kind not in entities:
            yield f"{example.place}: marks {kind}, which is no entity; known are {', '.join(sorted(entities))}"
        if text != text.strip() or not text:
            yield f'{example.place}: marks "{text}" as {kind}; the brackets must hold the words alone'


def _thin(examples: Sequence[Example]) -> Iterator[str]:
    counts = Counter(example.intent for example in examples)
    places = {example.intent: example.place for example in reversed(examples)}
    for intent, count in sorted(counts.items()):
        if count < FEWEST:
            yield f"{places[intent]}: {intent} has {count} examples only; {FEWEST} different ones are the least"


def _doubled(examples: Sequence[Example]) -> Iterator[str]:
    for alike in _by_form(examples).values():
        first, *others = alike
        for other in others:
            if other.intent == first.intent:
                how = (
                    "the same" if other.text == first.text else "the same in another script or form"
                )
                yield f'{other.place}: "{other.text}" is {how} as {first.place}; one of them is enough'


def _near(examples: Sequence[Example]) -> Iterator[str]:
    """Texts of two intents that differ in next to nothing."""
    bare = [_NOISE.sub("", normalized(example.text)) for example in examples]
    pairs = [frozenset(itertools.pairwise(text)) for text in bare]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, own in enumerate(pairs):
        if len(bare[number]) < SHORTEST:
            continue
        for other in _candidates(own, holders):
            if (
                examples[other].intent != examples[number].intent
                and _likeness(own, pairs[other]) >= ALIKE
            ):
                yield (
                    f'{examples[number].place}: "{examples[number].text}" ({examples[number].intent}) is nearly'
                    f' "{examples[other].text}" ({examples[other].intent}) in {examples[other].place}'
                )
        for pair in own:
            holders[pair].append(number)


def _candidates(
    own: frozenset[tuple[str, str]], holders: Mapping[tuple[str, str], list[int]]
) -> list[int]:
    """The earlier texts that share enough pairs to be nearly the same."""
    shared = Counter(number for pair in own for number in holders.get(pair, ()))
    return [number for number, count in shared.items() if count >= ALIKE * len(own)]


def _likeness(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other)


def _leaked(examples: Sequence[Example], tests: Sequence[Example]) -> Iterator[str]:
    learnt = {normalized(example.text): example for example in examples}
    for test in tests:
        example = learnt.get(normalized(test.text))
        if example:
            yield f'{test.place}: "{test.text}" is learnt from {example.place} as well; it tests nothing'


def shortened(place: str, root: Path) -> str:
    """A finding with its paths as seen from the project's folder."""
    return place.replace(f"{root}/", "")
