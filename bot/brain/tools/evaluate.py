"""How a trained model does on a test set that was held back, by intent, by writers and by what makes a message hard.

cd bot/brain && .venv/bin/python -m tools.evaluate ../../var/models/<model>.tar.gz
"""

import argparse
import asyncio
import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT))

from rasa.core.agent import load_agent  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from bot.normalizing import normalized  # noqa: E402
from tools.examples import Example, heldout_examples, training_examples  # noqa: E402


@dataclass(frozen=True)
class Judged:
    """A message and the intent that the whole pipeline gave it, the fallback included."""

    example: Example
    given: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether it is the wanted one."""
        return self.given == self.example.intent


async def judged(model: Path, examples: Iterable[Example]) -> list[Judged]:
    """What the model makes of each message."""
    configure_structlog(logging.WARNING)
    agent = await load_agent(model_path=str(model))
    results = []
    for example in examples:
        intent = (await agent.parse_message(example.text))["intent"]
        results.append(Judged(example, intent["name"], intent["confidence"]))
    return results


def lines(results: list[Judged]) -> Iterator[str]:
    """The report."""
    yield _line("all", results)
    for kind in ("group", "trait", "intent"):
        parts = defaultdict(list)
        for each in results:
            parts[getattr(each.example, kind) or "none"].append(each)
        yield f"\nby {kind}"
        yield from (_line(name, part) for name, part in sorted(parts.items()))
    yield "\nmost often taken for another"
    wrong = Counter((each.example.intent, each.given) for each in results if not each.is_right)
    yield from (
        f"  {count:3} {wanted} -> {given}" for (wanted, given), count in wrong.most_common(12)
    )


def _line(name: str, results: list[Judged]) -> str:
    right = sum(each.is_right for each in results) / len(results)
    unsure = sum(each.given == "nlu_fallback" for each in results) / len(results)
    return f"  {name:28} {len(results):4} messages  right {right:6.1%}  unsure {unsure:6.1%}"


def main() -> None:
    """Print the report; messages that the training data has as well do not count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--heldout", type=Path, default=ROOT / "nlu_data" / "tests" / "messages.yml")
    options = parser.parse_args()
    known = {normalized(each.text) for each in training_examples(ROOT / "nlu_data" / "nlu")}
    fresh = [
        each for each in heldout_examples(options.heldout) if normalized(each.text) not in known
    ]
    print("\n".join(lines(asyncio.run(judged(options.model, fresh)))))


if __name__ == "__main__":
    main()
