"""Labelled messages: the training data, and test sets of the same shape as ``nlu_data/tests/messages.yml``."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import yaml
from bot.corpus import MESSAGES, examples
from bot.normalizing import normalized

NLU_DATA = Path(__file__).resolve().parents[3] / "nlu_data"
TESTS = NLU_DATA / "tests" / MESSAGES


@dataclass(frozen=True)
class Example:
    """A message, what it means, who writes so (simplified, traditional, english, mixed), what makes it hard.

    ``also``: the intent of its second question.
    """

    text: str
    intent: str
    group: str = ""
    trait: str = ""
    also: str = ""


def training_examples() -> list[Example]:
    """All training examples; of those that are alike after normalising, the first."""
    found: dict[str, Example] = {}
    for each in examples(NLU_DATA):
        found.setdefault(normalized(each.text), Example(each.text, each.intent))
    return list(found.values())


def written_examples(path: Path) -> list[Example]:
    """A test set: a list of mappings with text, intent and, if known, group, trait and also."""
    return [Example(**entry) for entry in yaml.safe_load(path.read_text("utf-8"))]


def fresh_examples(path: Path) -> list[Example]:
    """A test set's messages that the training data does not have as well."""
    known = {normalized(each.text) for each in training_examples()}
    return [each for each in written_examples(path) if normalized(each.text) not in known]


def part(every: int) -> list[Example]:
    """One example of each intent in so many, evenly out of all that it has."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in training_examples():
        found[example.intent].append(example)
    return [example for own in found.values() for example in own[::every]]
