"""``python -m tests.bench``: ours against stock Rasa and a bare echo, all in one run on one machine.

Progress goes to standard error; the tables and then the JSON to standard output and to ``var/bench/``.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from tests.bench import verdicts
from tests.bench.plan import FULL, QUICK
from tests.bench.stretches import FOLDER, STRETCHES, Bench


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 whatever the figures are: they are for people to judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument(
        "--only",
        action="append",
        choices=list(STRETCHES),
        metavar="NAME",
        help=f"this stretch alone; may be repeated: {', '.join(STRETCHES)}",
    )
    options = parser.parse_args(arguments)
    bench = Bench(QUICK if options.quick else FULL)
    report = asyncio.run(bench.run(options.only or ()))
    text = f"{report.as_text()}\n\n{verdicts.as_text(report)}"
    judged = {**report.as_json(), "verdicts": verdicts.as_json(report)}
    data = json.dumps(judged, ensure_ascii=False)
    (FOLDER / "report.md").write_text(text + "\n", encoding="utf-8")
    (FOLDER / "report.json").write_text(data + "\n", encoding="utf-8")
    print(f"{text}\n\n{data}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
