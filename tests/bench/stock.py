"""Stock Rasa for comparison: the same examples and rules, the pipeline of Rasa's Chinese guide, its own stores.

Custom actions are replaced by fixed answers, so a turn of stock spares the call of an action server.
"""

import hashlib
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot import training
from bot.corpus import Example, examples, rasa_file
from connectors.cli import places

Say = Callable[[str], None]

EPOCHS, EACH = 8, 60
"""Rasa's new projects have 100 epochs, and we have hundreds of examples of an intent: that would take hours here. The
network has the same size, and so a message the same cost, after 8 epochs over 60 of each."""

SAID = (
    "好的，已经收到您的问题，这是给您的回答：门店每天十点到二十二点营业，会员可以查询积分与权益。"
)

CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "zh",
    "pipeline": [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": EPOCHS, "random_seed": 1},
        {"name": "FallbackClassifier", "threshold": 0.4, "ambiguity_threshold": 0.05},
    ],
    "policies": [{"name": "RulePolicy", "enable_fallback_prediction": False}],
}


class StockFailed(Exception):
    """Stock Rasa could not be prepared; the message says where to read why."""


@dataclass(frozen=True)
class Stock:
    """Stock Rasa's folder, with everything it needs in it."""

    folder: Path
    model: Path

    def command(self, port: int) -> list[str]:
        """The command that serves the model on loopback."""
        command = [str(places.BRAIN_PYTHON), "-m", "rasa", "run", "--enable-api"]
        command += ["--model", str(self.model)]
        command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        return [*command, "--interface", "127.0.0.1", "--port", str(port)]

    def environment(self) -> Mapping[str, str]:
        """The same as the brain's, without our components."""
        return _environment()

    def connect(self, store_port: int) -> None:
        """Tell it where its trackers and locks lie."""
        address = {"type": "redis", "url": "127.0.0.1", "port": store_port}
        endpoints = {"tracker_store": {**address, "db": 0}, "lock_store": {**address, "db": 1}}
        _write(self.folder / "endpoints.yml", endpoints)
        _write(self.folder / "credentials.yml", {"rest": None})


def prepared(folder: Path, say: Say) -> Stock:
    """Stock Rasa with a trained model; trained only when data or pipeline have changed. Raises StockFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "domain.yml", _domain())
    _write(folder / "rules.yml", _rules())
    _write(folder / "nlu.yml", _nlu())
    _write(folder / "config.yml", CONFIG)
    model = folder / "models" / f"{_fingerprint(folder)}.tar.gz"
    if not model.exists():
        say(f"Training stock Rasa (DIET, {EPOCHS} epochs), once; this takes some minutes ...")
        _train(folder, model)
    return Stock(folder, model)


def _nlu() -> dict[str, Any]:
    """The first examples of each intent."""
    found: dict[str, list[Example]] = defaultdict(list)
    for each in examples(places.NLU_DATA):
        found[each.intent].append(each)
    return rasa_file(each for own in found.values() for each in own[:EACH])


def _domain() -> dict[str, Any]:
    derived = yaml.safe_load(
        (training.derived_domain(places.ROOT) / "derived.yml").read_text("utf-8")
    )
    actions = yaml.safe_load((places.BRAIN / "domain" / "domain.yml").read_text("utf-8"))["actions"]
    spoken = [*derived["responses"], *map(_uttered, actions)]
    return {
        "version": "3.1",
        "intents": derived["intents"],
        "entities": derived["entities"],
        "responses": {name: [{"text": SAID}] for name in spoken},
    }


def _rules() -> dict[str, Any]:
    loaded = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(_rule_files())]
    rules = [rule for each in loaded for rule in each["rules"]]
    for step in (step for rule in rules for step in rule["steps"] if "action" in step):
        step["action"] = _uttered(step["action"])
    return {"version": "3.1", "rules": rules}


def _rule_files() -> list[Path]:
    return list((places.NLU_DATA / "rules").rglob("*.yml"))


def _uttered(action: str) -> str:
    return action if action.startswith("utter_") else f"utter_{action}"


def _fingerprint(folder: Path) -> str:
    made = [folder / name for name in ("domain.yml", "rules.yml", "nlu.yml", "config.yml")]
    digest = hashlib.sha256()
    for path in [*made, places.BRAIN / "requirements.lock"]:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _train(folder: Path, model: Path) -> None:
    log = folder / "training.log"
    command = [str(places.BRAIN_PYTHON), "-m", "rasa", "train", "--config", "config.yml"]
    command += ["--domain", "domain.yml", "--out", str(model.parent), "--augmentation", "0"]
    command += ["--data", "nlu.yml", "rules.yml"]
    command += ["--fixed-model-name", "unfinished"]
    environment = {**os.environ, **_environment()}
    with log.open("w", encoding="utf-8") as file:
        trained = subprocess.run(
            command, cwd=folder, env=environment, stdout=file, stderr=file, check=False
        )
    if trained.returncode:
        raise StockFailed(f"Stock Rasa could not be trained: see {log}.")
    (model.parent / "unfinished.tar.gz").replace(model)


def _environment() -> dict[str, str]:
    return dict(training.brain_environment(places.ROOT)) | {"PYTHONPATH": ""}


def _write(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.safe_dump(content, file, allow_unicode=True, sort_keys=False)
