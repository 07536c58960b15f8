"""How often a model does what was refused.

cd bot/brain && .venv/bin/python -m tools.negations ../../var/models/<model>.tar.gz
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import yaml

from tools.evaluate import judged
from tools.examples import Example

MESSAGES = Path(__file__).resolve().parents[3] / "tests" / "brain" / "negations.yml"


def main() -> None:
    """Print the share, and each message by which it was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    options = parser.parse_args()
    told = yaml.safe_load(MESSAGES.read_text("utf-8"))
    rows = asyncio.run(
        judged(options.model, [Example(each["text"], each["wanted"]) for each in told])
    )
    both = list(zip(told, rows, strict=True))
    done = [each for each, row in both if row["given"] == each["refused"]]
    right = sum(row["given"] == each["wanted"] for each, row in both)
    print(f"{len(told)} messages, {right} right; of {len(done)} the refused intent was answered:")
    for each in done:
        print(f"  {each['text']}  ({each['refused']} instead of {each['wanted']})")


if __name__ == "__main__":
    main()
