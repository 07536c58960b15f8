"""Labelled messages: the training data, and test sets of the same shape as ``nlu_data/tests/messages.yml``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.normalizing import normalized
from ruamel.yaml import YAML


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


def training_examples(nlu: Path) -> list[Example]:
    """All examples of Rasa's training files; of those that are alike after normalising, the first."""
    found: dict[str, Example] = {}
    for path in sorted(nlu.rglob("*.yml")):
        for example in _examples(path):
            found.setdefault(normalized(example.text), example)
    return list(found.values())


def _examples(path: Path) -> Iterator[Example]:
    for block in YAML(typ="safe").load(path)["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                yield Example(line[2:].strip(), block["intent"])


def heldout_examples(path: Path) -> list[Example]:
    """A test set: a list of mappings with text, intent and, if known, group and trait."""
    return [Example(**entry) for entry in YAML(typ="safe").load(path)]
