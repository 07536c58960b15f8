"""Whole Rasa pipelines that learn the same part of the data: stock DIET, DIET with an encoder, and what is shipped.

cd bot/brain && .venv/bin/python -m tools.rivals

DIET learns for minutes what the regression learns in seconds, so all of them get a part of the examples, and DIET fewer
epochs than Rasa's default of 100; the others are not helped by either.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from bot import training
from bot.corpus import rasa_file
from bot.intents import FALLBACK, OUT_OF_SCOPE
from bot.progress import is_right
from sklearn.model_selection import StratifiedKFold

from tools.cost import CONFIG, threshold_in_use
from tools.evaluate import SILENT, Row
from tools.examples import Example, part
from tools.scores import calibration_error, first_choices

BRAIN = Path(__file__).resolve().parents[1]
EVERY = 60
FOLDS = 5
EPOCHS = 40

Pipeline = Sequence[Mapping[str, Any]]


def pipelines() -> Iterator[tuple[str, Pipeline]]:
    """What is compared, with the same fallback."""
    diet = {
        "name": "DIETClassifier",
        "epochs": EPOCHS,
        "random_seed": 1,
        "entity_recognition": False,
    }
    words = {"name": "CountVectorsFeaturizer"}
    letters = {**words, "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    stock = [{"name": "JiebaTokenizer"}, words, letters]
    vectors = {"name": "tools.vectors.SentenceVectors"}
    fallback = {
        "name": "components.fallback.CautiousFallback",
        "threshold": threshold_in_use(),
        "ambiguity_threshold": 0.05,
    }
    yield "stock DIET", [*stock, diet, fallback]
    yield "DIET with USE", [*stock, vectors, diet, fallback]
    yield "shipped", yaml.safe_load(CONFIG.read_text("utf-8"))["pipeline"]


def trained(folder: Path, pipeline: Pipeline, examples: Sequence[Example]) -> tuple[Path, float]:
    """The model, and the minutes of its training."""
    config = {"recipe": "default.v1", "assistant_id": "rival", "language": "zh"}
    _write(folder / "nlu.yml", rasa_file(examples))
    _write(folder / "config.yml", {**config, "pipeline": list(pipeline)})
    command = ["-m", "rasa", "train", "nlu", "--config", f"{folder}/config.yml"]
    command += ["--nlu", f"{folder}/nlu.yml", "--out", str(folder), "--fixed-model-name", "rival"]
    started = time.perf_counter()
    _run(command)
    return folder / "rival.tar.gz", (time.perf_counter() - started) / 60


def asked(folder: Path, model: Path, *options: str) -> tuple[list[Row], float]:
    """What it makes of messages that it has not learnt, and the most memory that took, in MB."""
    judged = folder / "judged.json"
    memory = _run(["-m", "tools.evaluate", str(model), "--json", str(judged), *options])
    rows: list[Row] = json.loads(judged.read_text(encoding="utf-8"))
    return rows, memory


def five_folds(folder: Path, pipeline: Pipeline, examples: Sequence[Example]) -> float:
    """How many are right of the examples, each asked of a model that has learnt four fifths without it."""
    intents = [example.intent for example in examples]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(intents, intents)
    rows: list[Row] = []
    for learnt, left in folds:
        model, _ = trained(folder, pipeline, [examples[i] for i in learnt])
        _write(folder / "left.yml", [asdict(examples[i]) for i in left])
        rows += asked(folder, model, "--all", "--heldout", str(folder / "left.yml"))[0]
    return _right(rows)


def line(name: str, rows: Sequence[Row], folds: float, memory: float, minutes: float) -> str:
    """A row of the table."""
    inside = [row for row in rows if row["intent"] != OUT_OF_SCOPE]
    outside = [row for row in rows if row["intent"] == OUT_OF_SCOPE]
    cells = [
        f"{folds:.3f}",
        f"{_right(rows):.3f}",
        f"{_right(inside):.3f}",
        f"{np.mean([row['given'] not in SILENT for row in outside]):.3f}",
        f"{np.mean([row['given'] == FALLBACK for row in inside]):.3f}",
        f"{calibration_error(*first_choices(rows)):.3f}",
        f"{np.median([row['milliseconds'] for row in rows]):.0f}",
        f"{memory:.0f}",
        f"{minutes:.1f}",
    ]
    return f"| {name} | {' | '.join(cells)} |"


def _right(rows: Sequence[Row]) -> float:
    return float(np.mean([is_right(row) for row in rows]))


def _write(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.safe_dump(content, file, allow_unicode=True, sort_keys=False)


def _run(arguments: list[str]) -> float:
    """Run one of the brain's commands; the most memory that it took, in MB."""
    told = training.brain_environment(BRAIN.parents[1])
    environment = {**os.environ, **told, **training.ALL_PROCESSORS}
    command = [sys.executable, "-W", "ignore", *arguments]
    running = subprocess.Popen(command, cwd=BRAIN, env=environment)  # noqa: S603
    _, status, usage = os.wait4(running.pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise subprocess.CalledProcessError(code, command)
    return usage.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=EVERY, help="one example in so many")
    options = parser.parse_args()
    examples = part(options.every)
    print(f"{len(examples)} examples, DIET with {EPOCHS} epochs, threshold {threshold_in_use()}")
    print(
        "| | five folds | right | in scope | nonsense | unsure | calibration error | ms | MB | minutes |"
    )
    for name, pipeline in pipelines():
        with tempfile.TemporaryDirectory() as folder:
            model, minutes = trained(Path(folder), pipeline, examples)
            rows, memory = asked(Path(folder), model)
            folds = five_folds(Path(folder), pipeline, examples)
            print(line(name, rows, folds, memory, minutes), flush=True)


if __name__ == "__main__":
    main()
