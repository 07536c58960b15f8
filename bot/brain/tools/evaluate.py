"""How a trained model does on the test messages, by intent, by writers and by what makes a message hard.

cd bot/brain && .venv/bin/python -m tools.evaluate ../../var/models/<model>.tar.gz
"""

import argparse
import asyncio
import json
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.intents import FALLBACK, OUT_OF_SCOPE, QUIET
from bot.progress import is_right
from rasa.core.agent import load_agent
from rasa.utils.log_utils import configure_structlog

from tools.examples import TESTS, Example, fresh_examples, written_examples

LISTED = 5
"""How many intents of the ranking are kept."""

Row = Mapping[str, Any]
"""A judged message: ``text``, ``intent``, ``group``, ``trait``, ``also``; ``given`` (the whole pipeline's intent,

the fallback included), ``confidence``, ``questions`` (intents), ``ranking`` (pairs of intent and confidence),
``milliseconds``."""


async def judged(model: Path, examples: Iterable[Example]) -> list[Row]:
    """What the model makes of each message."""
    configure_structlog(logging.WARNING)
    agent = await load_agent(model_path=str(model))
    rows = []
    for example in examples:
        started = time.perf_counter()
        parsed = await agent.parse_message(example.text)
        taken = time.perf_counter() - started
        ranking = [(each["name"], each["confidence"]) for each in parsed["intent_ranking"]]
        rows.append(
            {
                **vars(example),
                "given": parsed["intent"]["name"],
                "confidence": parsed["intent"]["confidence"],
                "questions": [question["intent"] for question in parsed.get("questions", [])],
                "milliseconds": taken * 1000,
                "ranking": [each for each in ranking if each[0] != FALLBACK][:LISTED],
            }
        )
    return rows


def lines(rows: list[Row]) -> Iterator[str]:
    """The report."""
    yield _line("all", rows)
    outside = [row for row in rows if row["intent"] == OUT_OF_SCOPE]
    answered = [row for row in outside if row["given"] not in SILENT]
    yield f"  out of scope and given an answer: {len(answered)} of {len(outside)}"
    for kind in ("group", "trait", "intent"):
        parts = defaultdict(list)
        for row in rows:
            parts[row[kind] or "none"].append(row)
        yield f"\nby {kind}"
        yield from (_line(name, part) for name, part in sorted(parts.items()))
    several = [row for row in rows if row["also"]]
    both = [row for row in several if {row["intent"], row["also"]} <= set(row["questions"])]
    yield f"\n  two questions, both heard: {len(both)} of {len(several)}"
    yield "\nmost often taken for another"
    wrong = Counter((row["intent"], row["given"]) for row in rows if not is_right(row))
    yield from (
        f"  {count:3} {wanted} -> {given}" for (wanted, given), count in wrong.most_common(25)
    )


SILENT = QUIET | {FALLBACK}
"""What is no answer about the brand."""


def _line(name: str, rows: list[Row]) -> str:
    right = sum(map(is_right, rows)) / len(rows)
    unsure = sum(row["given"] == FALLBACK for row in rows) / len(rows)
    return f"  {name:28} {len(rows):4} messages  right {right:6.1%}  unsure {unsure:6.1%}"


def main() -> None:
    """Print the report, or write the judged messages down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--heldout", type=Path, default=TESTS)
    parser.add_argument("--all", action="store_true", help="also what the training data has")
    parser.add_argument("--json", type=Path, help="write every judged message there instead")
    options = parser.parse_args()
    read = written_examples if options.all else fresh_examples
    examples = read(options.heldout) if options.heldout.exists() else []
    rows = asyncio.run(judged(options.model, examples))
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    else:
        print("\n".join(lines(rows)))


if __name__ == "__main__":
    main()
