"""``python -m tests.fuzz``: 200,000 odd requests against the callback. Exits with 1 when one of them did any harm."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Supervisor
from tests.fuzz.callback import Findings, fuzz

GROWTH = 0.10
"""How much resident memory may grow after the first tenth of the run, as a share."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args(arguments)
    print(f"Seed {options.seed}.", file=sys.stderr)
    # Each refusal is a line of the log: so many would only hide what is looked for.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    findings = asyncio.run(_with_store(options.count, options.seed))
    return report(findings)


def report(findings: Findings) -> int:
    """Print what was found; 0 when nothing was wrong."""
    for (family, told), count in sorted(findings.answers.items()):
        print(f"{family:8} {told:16} {count:7}")
    for family, count in sorted(findings.stored.items()):
        print(f"{family:8} stored           {count:7}")
    print(f"memory   {findings.resident[-1]:.0f} MB, grown by {findings.growth:.1%}")
    for what, example in findings.faults.items():
        print(f"FAULT: {what}\n  {example}")
    if findings.growth > GROWTH:
        print(f"FAULT: memory grew by more than {GROWTH:.0%}")
    return 1 if findings.faults or findings.growth > GROWTH else 0


async def _with_store(count: int, seed: int) -> Findings:
    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="bida-fuzz-") as folder:
        supervisor, store = (
            Supervisor(Path(folder)),
            EmbeddedStore.in_folder(Path(folder) / "store"),
        )
        try:
            await supervisor.start(store.child(), ready_seconds=20)
            return await fuzz(store.url, count, seed, say)
        finally:
            await supervisor.stop()
            store.remove()


if __name__ == "__main__":
    sys.exit(main())
