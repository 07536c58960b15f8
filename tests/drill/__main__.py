"""``python -m tests.drill``: kill everything, hundreds of times, and count what followers and ledger have to say.

Exits with 1 when a promise was broken. Progress goes to standard error, the tables to standard output and to files in
``var/drill``.
"""

import argparse
import asyncio
import logging
import random
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from connectors.cli import places
from connectors.cli.training import MODELS
from connectors.supervisor import StartFailed
from tests.drill.report import told
from tests.drill.run import Drill, Plan
from tests.drill.soak import SoakPlan, soak

FOLDER = places.VAR / "drill"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; the result is the process's exit code."""
    options = _parser().parse_args(arguments)
    random.seed(options.seed)
    # The people's own parts would tell each step that they take.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # However it is told to stop, it ends what it has started.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        if options.soak:
            return _soaked(options)
        return max([_drilled(plan) for plan in _plans(options)])
    except StartFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="with the brain's double")
    parser.add_argument("--real-kills", type=int, default=30, help="with the real brain")
    parser.add_argument(
        "--watched-kills", type=int, default=40, help="with a store under three sentinels"
    )
    parser.add_argument("--minutes", type=float, default=20, help="the most that killing may take")
    parser.add_argument("--followers", type=int, default=16)
    parser.add_argument("--seed", type=int, help="repeat the same choices")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="no kills: watch memory")
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second of the soak")
    # A worker that acknowledges too early: the drill has to find it.
    parser.add_argument("--plant", action="store_true", help=argparse.SUPPRESS)
    return parser


def _plans(options: argparse.Namespace) -> list[Plan]:
    seconds, followers = options.minutes * 60, options.followers
    worker = "tests.drill.hasty_worker" if options.plant else ""
    plans = [
        Plan("With the brain's double", options.kills, seconds, followers, worker_module=worker)
    ]
    if options.real_kills:
        # The real brain takes its time to load: fewer people, and fewer kills a minute.
        more = {"think_seconds": 3.0, "between": (1.0, 6.0), "worker_module": worker}
        title, count = "With the real brain", options.real_kills
        plans.append(Plan(title, count, seconds, 6, model=_live_model(), **more))
    if options.watched_kills:
        more = {"between": (0.5, 3.0), "worker_module": worker, "is_watched": True}
        plans.append(
            Plan("Under three sentinels", options.watched_kills, seconds, followers, **more)
        )
    return [plan for plan in plans if plan.kills]


def _live_model() -> Path:
    model = MODELS.path(MODELS.record().live or "none")
    if not model.exists():
        raise StartFailed("There is no model: `make train` makes one, or leave --real-kills at 0.")
    return model


def _drilled(plan: Plan) -> int:
    folder = FOLDER / plan.title.replace(" ", "-").lower()
    drill = Drill(plan, folder, _say)
    verdict = asyncio.run(drill.run())
    text = "\n".join(told(plan.title, drill.kills, verdict))
    (folder / "report.md").write_text(text + "\n", encoding="utf-8")
    print(text, flush=True)
    return 1 if verdict.broken else 0


def _soaked(options: argparse.Namespace) -> int:
    plan = SoakPlan(options.soak * 60, options.rate, _live_model() if options.real_kills else None)
    report = asyncio.run(soak(plan, FOLDER / "soak", _say))
    print("\n".join(report.lines()), flush=True)
    return 1 if report.broken else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
