"""From the trainers' data to the model that is live: trained, judged, rehearsed, and only then taken."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

from bot import training
from bot.corpus import Talk, talks
from bot.models import Models, name_of
from bot.progress import changes
from connectors.cli import places
from connectors.cli.stage import open_stage, played, told
from connectors.supervisor import StartFailed

MODELS = Models(training.models(places.ROOT))
STAGE_LOGS = places.VAR / "log" / "stage"


def live_model() -> Path:
    """The model to start with: of the data as it is now, unless people chose another instead of just that one.

    Raises what ``training.ensure_model`` raises.
    """
    record = MODELS.record()
    if record.refused == training.fingerprint(places.ROOT) and MODELS.path(record.live).exists():
        print(f"{record.live} was chosen instead of the model of the present data, and stays live.")
        return MODELS.path(record.live)
    model = training.ensure_model(places.ROOT, places.BRAIN_PYTHON, print, _approve)
    MODELS.go_live(name_of(model))
    return model


def judgement(model: Path) -> Path:
    """Where it stands what a model makes of each test message."""
    return model.with_name(f"{name_of(model)}.judged.json")


def judged(model: Path) -> Path:
    """The same, made anew where nobody has asked yet. Raises TrainingFailed."""
    if not judgement(model).exists():
        print("Asking it the test messages ...")
        _judge(model, judgement(model))
    return judgement(model)


def _approve(candidate: Path, model: Path) -> None:
    """Judge and rehearse a model. Raises TrainingFailed when a conversation does not go as written."""
    print("Asking it the test messages ...")
    _judge(candidate, judgement(model))
    _tell_changes(judgement(model))
    written = talks(places.NLU_DATA / "tests")
    print(f"Going through {len(written)} conversations of nlu_data/tests ...")
    try:
        faults = asyncio.run(_rehearsed(candidate, written))
    except StartFailed as error:
        raise training.TrainingFailed(f"The new model could not be started: {error}") from error
    if faults:
        lines = "\n  ".join(faults)
        raise training.TrainingFailed(
            f"The new model is not taken, the one before stays. Of the conversations in nlu_data/tests,"
            f" these went otherwise:\n  {lines}"
        )


async def _rehearsed(candidate: Path, written: list[Talk]) -> list[str]:
    async with open_stage(candidate, STAGE_LOGS) as stage:
        return list(told(await played(stage, written)))


def _judge(candidate: Path, judged: Path) -> None:
    command = ["-m", "tools.evaluate", str(candidate), "--json", str(judged)]
    run_tool(command, quiet=True)


def run_tool(arguments: list[str], *, quiet: bool = False) -> None:
    """Run one of the brain's tools on the brain's Python. Raises TrainingFailed when it fails."""
    log = places.VAR / "log" / "tools.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **training.brain_environment(places.ROOT)}
    with log.open("w") as file:
        command = [str(places.BRAIN_PYTHON), *arguments]
        told_to = file if quiet else None
        done = subprocess.run(  # noqa: S603
            command, cwd=places.BRAIN, env=environment, stdout=told_to, stderr=file, check=False
        )
    if done.returncode:
        raise training.TrainingFailed(f"{arguments[1]} failed: see {log}.")


def _tell_changes(judged: Path) -> None:
    before = judgement(MODELS.path(MODELS.record().live or "none"))
    rows = json.loads(judged.read_text(encoding="utf-8"))
    old = json.loads(before.read_text(encoding="utf-8")) if before.exists() else []
    for line in changes(old, rows):
        print(line)
