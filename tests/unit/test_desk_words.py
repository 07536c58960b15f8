"""The desk's words: one module a page, each text once and in both languages, and none that is asked for missing."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from connectors.desk import words
from connectors.desk.words import alerts, board, conversation, door, frame, lists, routing

DESK = Path(words.__file__).parent.parent
SAID = re.compile(r"""\bsay\((?:[\w.()]+, )?["'](\w+)["']""")


def said() -> Iterator[str]:
    """The names of all texts that templates and pages ask for as they stand."""
    for path in (*DESK.glob("templates/*.html"), *DESK.rglob("*.py")):
        yield from SAID.findall(path.read_text(encoding="utf-8"))


def test_each_text_stands_in_one_place() -> None:
    pages = (alerts, board, conversation, door, frame, lists, routing)
    found = Counter(name for page in pages for name in page.WORDS)
    assert [name for name, count in found.items() if count > 1] == []


def test_whatever_is_asked_for_is_there() -> None:
    names = set(said())
    assert len(names) > 200
    assert sorted(name for name in names - words.WORDS.keys() if not name.endswith("_")) == []


def test_both_languages_name_the_same_values() -> None:
    assert all(all(pair) for pair in words.WORDS.values())
    unlike = [name for name, (zh, en) in words.WORDS.items() if values(zh) != values(en)]
    assert unlike == []


def values(text: str) -> set[str]:
    """What is filled in."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}
