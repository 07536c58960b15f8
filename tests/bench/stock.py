"""Stock Rasa for comparison: the same examples and rules, the pipeline of Rasa's Chinese guide, its own stores.

Custom actions are replaced by fixed answers, so a turn of stock spares the call of an action server.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot import training
from connectors.cli import places

Say = Callable[[str], None]

EPOCHS = 8
"""Rasa's new projects have 100, which takes an hour here; a message costs the same after 8 (see the page)."""

REQUIREMENTS = Path(__file__).with_name("requirements.lock")
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
        command = [str(places.BRAIN_PYTHON), "-m", "rasa", "run", "--model", str(self.model)]
        command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        return [*command, "--interface", "127.0.0.1", "--port", str(port)]

    def environment(self) -> Mapping[str, str]:
        """The same as the brain's, with the tokenizer that Rasa leaves out."""
        return _environment(self.folder)

    def connect(self, store_port: int) -> None:
        """Tell it where its trackers and locks lie."""
        address = {"type": "redis", "url": "127.0.0.1", "port": store_port}
        endpoints = {"tracker_store": {**address, "db": 0}, "lock_store": {**address, "db": 1}}
        _write(self.folder / "endpoints.yml", endpoints)
        _write(self.folder / "credentials.yml", {"rest": None})


def prepared(folder: Path, say: Say) -> Stock:
    """Stock Rasa with a trained model; trained only when data or pipeline have changed. Raises StockFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    _install_jieba(folder, say)
    domain, rules = _domain(), _rules()
    _write(folder / "domain.yml", domain)
    _write(folder / "rules.yml", rules)
    _write(folder / "config.yml", CONFIG)
    model = folder / "models" / f"{_fingerprint(folder)}.tar.gz"
    if not model.exists():
        say(f"Training stock Rasa (DIET, {EPOCHS} epochs), once; this takes some minutes ...")
        _train(folder, model)
    return Stock(folder, model)


def _domain() -> dict[str, Any]:
    derived = YAML(typ="safe").load(training.derived_domain(places.ROOT) / "derived.yml")
    actions = YAML(typ="safe").load(places.BRAIN / "domain" / "domain.yml")["actions"]
    spoken = [*derived["responses"], *map(_uttered, actions)]
    return {
        "version": "3.1",
        "intents": derived["intents"],
        "entities": derived["entities"],
        "responses": {name: [{"text": SAID}] for name in spoken},
    }


def _rules() -> dict[str, Any]:
    loaded = [YAML(typ="safe").load(path) for path in sorted(_rule_files())]
    rules = [rule for each in loaded for rule in each["rules"]]
    for step in (step for rule in rules for step in rule["steps"] if "action" in step):
        step["action"] = _uttered(step["action"])
    return {"version": "3.1", "rules": rules}


def _rule_files() -> list[Path]:
    return list((places.NLU_DATA / "rules").rglob("*.yml"))


def _uttered(action: str) -> str:
    return action if action.startswith("utter_") else f"utter_{action}"


def _fingerprint(folder: Path) -> str:
    made = [folder / name for name in ("domain.yml", "rules.yml", "config.yml")]
    learnt = sorted((places.NLU_DATA / "nlu").rglob("*.yml"))
    digest = hashlib.sha256()
    for path in [*made, *learnt, places.BRAIN / "requirements.lock"]:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _install_jieba(folder: Path, say: Say) -> None:
    """Into a folder of its own: the product does not need it."""
    target = folder / "libraries"
    if (target / "jieba").exists():
        return
    say("Fetching jieba for stock Rasa ...")
    uv = shutil.which("uv") or str(places.ROOT / ".tools" / "uv" / "bin" / "uv")
    command = [uv, "pip", "install", "--quiet", "--require-hashes", "--target", str(target)]
    command += ["--python", str(places.BRAIN_PYTHON), "--requirement", str(REQUIREMENTS)]
    if subprocess.run(command, check=False).returncode:
        raise StockFailed("jieba, which only the benchmark needs, could not be installed.")


def _train(folder: Path, model: Path) -> None:
    log = folder / "training.log"
    command = [str(places.BRAIN_PYTHON), "-m", "rasa", "train", "--config", "config.yml"]
    command += ["--domain", "domain.yml", "--out", str(model.parent), "--augmentation", "0"]
    command += ["--data", str(places.NLU_DATA / "nlu"), "rules.yml"]
    command += ["--fixed-model-name", "unfinished"]
    environment = {**os.environ, **_environment(folder)}
    with log.open("w", encoding="utf-8") as file:
        trained = subprocess.run(
            command, cwd=folder, env=environment, stdout=file, stderr=file, check=False
        )
    if trained.returncode:
        raise StockFailed(f"Stock Rasa could not be trained: see {log}.")
    (model.parent / "unfinished.tar.gz").replace(model)


def _environment(folder: Path) -> dict[str, str]:
    common = dict(training.brain_environment(places.ROOT))
    return common | {"PYTHONPATH": str(folder / "libraries")}


def _write(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
