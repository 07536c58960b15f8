"""What trainers teach and test with: the examples of ``nlu_data/nlu``, messages and talks of ``nlu_data/tests``."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from bot.entries import Entry, read_entry

MESSAGES = "messages.yml"
"""The file of test messages; every other file of the folder holds talks."""

_EXAMPLE = re.compile(r"- +(\S.*)")


@dataclass(frozen=True)
class Example:
    """A message and its intent, and where it stands: ``file:line``."""

    text: str
    intent: str
    place: str


@dataclass(frozen=True)
class Step:
    """One turn of a talk: what the follower says, and what must be true of the answer; empty means anything.

    ``answers``: names of which one must be among the answers; ``contains``: words that must be in their text;
    ``hand_over``: the reason for which a person must be fetched.
    """

    say: str
    intent: str = ""
    answers: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    hand_over: str = ""


@dataclass(frozen=True)
class Talk:
    """A conversation that must go as written."""

    name: str
    steps: tuple[Step, ...]
    place: str


class Labelled(Protocol):
    """A text and its intent."""

    @property
    def text(self) -> str:
        """What a follower says."""

    @property
    def intent(self) -> str:
        """What it means."""


def rasa_file(labelled: Iterable[Labelled]) -> dict[str, Any]:
    """Examples as the content of one of Rasa's training files, a block for each intent."""
    lines: dict[str, list[str]] = defaultdict(list)
    for each in labelled:
        lines[each.intent].append(f"- {each.text}\n")
    blocks = [{"intent": intent, "examples": "".join(own)} for intent, own in lines.items()]
    return {"version": "3.1", "nlu": blocks}


def examples(nlu_data: Path) -> list[Example]:
    """All training examples, in the order of the files. Raises FileError with file and line."""
    return [each for path in yaml_files(nlu_data / "nlu") for each in _examples_of(path)]


def _examples_of(path: Path) -> Iterator[Example]:
    for entry in read_entry(path).need("nlu").list():
        intent, block = entry.need("intent").text(), entry.need("examples")
        block.text()
        for number, line in enumerate(block.node.value.splitlines(), 1):
            at = replace(block, line=block.line + number)
            if match := _EXAMPLE.match(line):
                yield Example(match[1].strip(), intent, _place(at))
            elif line.strip():
                # Rasa would pass over it in silence.
                at.fail(
                    f'must have a dash and an example in each line, and one is "{line.strip()}"'
                )


def held_back(nlu_data: Path) -> list[Example]:
    """The labelled messages that no model learns from; none if there is no such file."""
    path = nlu_data / "tests" / MESSAGES
    if not path.exists():
        return []
    return [
        Example(entry.need("text").text(), entry.need("intent").text(), _place(entry))
        for entry in read_entry(path).list()
    ]


def talks(folder: Path) -> list[Talk]:
    """The talks of a folder. Raises FileError with file and line."""
    files = [path for path in yaml_files(folder) if path.name != MESSAGES]
    return [_talk(entry) for path in files for entry in read_entry(path).list()]


def _talk(entry: Entry) -> Talk:
    entry.only("name", "turns")
    steps = tuple(_step(turn) for turn in entry.need("turns").list())
    return Talk(entry.need("name").text(), steps, _place(entry))


def _step(entry: Entry) -> Step:
    entry.only("say", "intent", "answers", "contains", "hand_over")
    return Step(
        say=entry.need("say").text(),
        intent=_word(entry.get("intent")),
        answers=_words(entry.get("answers")),
        contains=_words(entry.get("contains")),
        hand_over=_word(entry.get("hand_over")),
    )


def _word(entry: Entry | None) -> str:
    return "" if entry is None or entry.node.value in ("null", "~", "") else entry.text()


def _words(entry: Entry | None) -> tuple[str, ...]:
    if entry is None or not entry.is_list:
        return (word,) if (word := _word(entry)) else ()
    return tuple(entry.texts())


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files under a folder, in their order."""
    return sorted(folder.rglob("*.yml"))


def _place(entry: Entry) -> str:
    return f"{entry.path}:{entry.line}"
