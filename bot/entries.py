"""Reading YAML that people edit: every value knows its file, line and field, for the errors.

Standard library and PyYAML only, Python 3.10 or newer: connector and brain both use it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml import CSafeLoader, MappingNode, MarkedYAMLError, ScalarNode, SequenceNode, YAMLError

from bot.live import FileError

NULL = "tag:yaml.org,2002:null"

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True)
class Entry:
    """One value of a YAML file; ``field`` is its dotted path in the file, empty for the whole."""

    path: Path
    line: int
    field: str
    node: Any

    def fail(self, fault: str) -> NoReturn:
        """Raise FileError: ``file:line: field name`` and the fault."""
        field = f"field {self.field} " if self.field else ""
        raise FileError(f"{self.path}:{self.line}: {field}{fault}")

    def items(self) -> Iterator[tuple[str, "Entry"]]:
        """The pairs of a mapping. Raises FileError if it is none or has a key twice."""
        if not isinstance(self.node, MappingNode):
            self.fail("must be a mapping")
        seen: set[str] = set()
        for key, value in self.node.value:
            name = str(key.value)
            child = self._child(name, key.start_mark.line, value)
            if name in seen:
                child.fail("stands here twice")
            seen.add(name)
            yield name, child

    def texts(self) -> list[str]:
        """The texts of a list."""
        return [entry.text() for entry in self.list()]

    def list(self) -> "list[Entry]":
        """The values of a list. Raises FileError if it is none."""
        if not isinstance(self.node, SequenceNode):
            self.fail("must be a list")
        return [
            self._child(str(number), node.start_mark.line, node)
            for number, node in enumerate(self.node.value)
        ]

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, SequenceNode)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, MappingNode)

    def only(self, *names: str) -> "dict[str, Entry]":
        """A mapping's values by key. Raises FileError for a key outside ``names``."""
        found = dict(self.items())
        for name, entry in found.items():
            if name not in names:
                entry.fail(f"is unknown; known are {', '.join(names)}")
        return found

    def need(self, name: str) -> "Entry":
        """The value under ``name``. Raises FileError if it is missing."""
        entry = self.get(name)
        return entry if entry else self.fail(f"lacks {name}")

    def get(self, name: str) -> "Entry | None":
        """The value under ``name``, if there is one."""
        return dict(self.items()).get(name)

    def text(self) -> str:
        """The words of a plain value, as they are written. Raises FileError if there are none."""
        if not isinstance(self.node, ScalarNode) or not str(self.node.value).strip():
            self.fail("must be a text")
        return str(self.node.value).strip()

    def match(self, pattern: str, expected: str) -> str:
        """The text, which ``pattern`` must match whole; ``expected`` says it to people."""
        text = self.text()
        return text if re.fullmatch(pattern, text) else self.fail(f"must be {expected}")

    def number(self) -> float:
        """A number. Raises FileError if it is none."""
        return float(self.match(r"-?\d+(\.\d+)?", "a number"))

    def flag(self) -> bool:
        """A yes or no. Raises FileError if it is neither."""
        return self.match("true|false", "true or false") == "true"

    def languages(self) -> dict[str, str]:
        """A text in each of the three languages."""
        self.only(*LANGUAGES)
        return {language: self.need(language).text() for language in LANGUAGES}

    def plain(self) -> Any:
        """Mappings, lists and texts as they are written, None for nothing. Raises FileError as ``items`` does."""
        if self.is_map:
            return {name: entry.plain() for name, entry in self.items()}
        if self.is_list:
            return [entry.plain() for entry in self.list()]
        return None if self.node.tag == NULL else self.node.value

    def _child(self, name: str, line: int, node: Any) -> "Entry":
        field = f"{self.field}.{name}" if self.field else name
        return Entry(self.path, line + 1, field, node)


def read_entry(path: Path) -> Entry:
    """The whole of a YAML file. Raises FileError if it is broken or empty, OSError if missing."""
    entry = _whole(path)
    return entry if entry.node is not None else entry.fail("is empty")


def read_plain(path: Path) -> Any:
    """A YAML file as ``Entry.plain`` has it, None for an empty one. Raises FileError for a broken one, OSError."""
    entry = _whole(path)
    return entry.plain() if entry.node is not None else None


def _whole(path: Path) -> Entry:
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=CSafeLoader)
    except MarkedYAMLError as error:
        raise FileError(f"{path}:{_line(error, text)}: {error.problem or error.context}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise FileError(f"{path}:1: {str(error).splitlines()[0]}") from error
    return Entry(path, 1, "", node)


def _line(error: MarkedYAMLError, text: str) -> int:
    """The line of the fault; what is missing at the end is missing in the last one, and not in the one after it."""
    mark = error.problem_mark or error.context_mark
    return min(mark.line + 1, len(text.splitlines())) if mark else 1
