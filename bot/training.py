"""Turns ``nlu_data/`` into a model, and tells how the brain is started with it.

Runs on the connector's Python and calls the brain's: nothing of Rasa is imported here.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from bot.answers import AnswerBook
from bot.brand_files import load_brand
from bot.entries import Entry, read_entry
from bot.menu import MenuBook
from bot.notices import NOTICES

ENTITIES = (
    "city",
    "store",
    "weekday_or_date",
    "recipient",
    "occasion",
    "budget",
    "product_category",
    "order_no",
    "phone",
)
FALLBACK = "nlu_fallback"

LEARNING = ("classifier", "regression", "normalizing", "sounds")
"""The components that decide what a model becomes; the others may change without training."""

Say = Callable[[str], None]


class TrainingFailed(Exception):
    """The data or the pipeline cannot be trained; the message says why, or where to read it."""


def ensure_model(root: Path, brain_python: Path, say: Say = print) -> Path:
    """The model for the data as it is now, trained if there is none yet.

    Raises FileError or OSError for broken data, TrainingFailed when Rasa cannot train.
    """
    check_brand(root / "nlu_data" / "brand")
    model = root / "var" / "models" / f"{fingerprint(root)}.tar.gz"
    if not model.exists():
        domain = derived_domain(root)
        say("Training the model; this takes about a minute ...")
        _train(root, brain_python, domain, model, say)
        say("The model is trained.")
    return model


def check_brand(folder: Path) -> None:
    """Read the brand's files, which need no training. Raises FileError or OSError for a broken one."""
    load_brand(folder)
    MenuBook(folder / "menu.yml")


def fingerprint(root: Path) -> str:
    """What the model depends on, as 16 hex digits: data, answers' names, pipeline and locked libraries."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update("\n".join(sorted(AnswerBook(root / "nlu_data", required=NOTICES).names)).encode())
    return digest.hexdigest()[:16]


def derived_domain(root: Path) -> Path:
    """Write down intents, entities and answers as the data has them; the folder is Rasa's domain.

    Raises FileError with file and line when a rule names something that is not there.
    """
    nlu_data = root / "nlu_data"
    answers = AnswerBook(nlu_data, required=NOTICES).names
    intents = [*sorted(_intents(nlu_data)), FALLBACK]
    _check_rules(nlu_data, set(intents), answers | _actions(root))
    folder = root / "var" / "domain"
    folder.mkdir(parents=True, exist_ok=True)
    derived = {
        "version": "3.1",
        "intents": intents,
        "entities": list(ENTITIES),
        # The texts are spoken live; Rasa only has to know the names.
        "responses": {name: [{"text": name}] for name in sorted(answers)},
    }
    with (folder / "derived.yml").open("w", encoding="utf-8") as file:
        YAML().dump(derived, file)
    source = root / "bot" / "brain" / "domain" / "domain.yml"
    (folder / "domain.yml").write_bytes(source.read_bytes())
    return folder


def brain_command(
    root: Path, brain_python: Path, model: Path, url: str
) -> tuple[list[str], Mapping[str, str]]:
    """The command that serves ``model`` at ``url``, and what its environment needs besides."""
    address, file = urlsplit(url), str(model.absolute())
    command = [str(brain_python), "-m", "rasa", "run", "--enable-api", "--model", file]
    command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    command += ["--interface", address.hostname or "127.0.0.1", "--port", str(address.port or 80)]
    return command, brain_environment(root)


def brain_environment(root: Path) -> Mapping[str, str]:
    """What any process on the brain's Python needs in its environment."""
    return {
        "PYTHONPATH": os.pathsep.join([str(root / "bot" / "brain"), str(root)]),
        "RASA_TELEMETRY_ENABLED": "false",
        # Rasa's cache knows a component by its class alone and would miss a change in what the class uses.
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": str(root / "var" / "rasa-cache"),
        # Without bytecode on disk, importing TensorFlow alone takes 15 s instead of 4 at every start.
        "PYTHONDONTWRITEBYTECODE": "",
        "SANIC_WORKERS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # Deprecations inside Rasa's pinned libraries help nobody.
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def _inputs(root: Path) -> list[Path]:
    brain = root / "bot" / "brain"
    data = [*_yaml(root / "nlu_data" / "nlu"), *_yaml(root / "nlu_data" / "rules")]
    pipeline = [brain / "config.yml", brain / "requirements.lock", brain / "domain" / "domain.yml"]
    learnt = [brain / "components" / f"{name}.py" for name in LEARNING]
    return [*data, *pipeline, *learnt]


def _yaml(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml"))


def _intents(nlu_data: Path) -> set[str]:
    found = set()
    for path in _yaml(nlu_data / "nlu"):
        for entry in read_entry(path).need("nlu").list():
            found.add(entry.need("intent").text())
            _check_examples(entry.need("examples"))
    return found


def _check_examples(examples: Entry) -> None:
    """Rasa would pass over a line without its dash in silence."""
    examples.text()
    for number, line in enumerate(examples.node.value.splitlines(), 1):
        if line.strip() and not re.match(r"- +\S", line):
            at = replace(examples, line=examples.line + number)
            at.fail(f'must have a dash and an example in each line, and one is "{line.strip()}"')


def _actions(root: Path) -> set[str]:
    domain = read_entry(root / "bot" / "brain" / "domain" / "domain.yml")
    return set(domain.need("actions").texts())


def _check_rules(nlu_data: Path, intents: Set[str], actions: Set[str]) -> None:
    for step in _steps(nlu_data):
        for kind, known in (("intent", intents), ("action", actions)):
            named = step.get(kind)
            if named and named.text() not in known:
                named.fail(f"names {named.text()}, which is not there")
    ruled = {step.need("intent").text() for step in _steps(nlu_data) if step.get("intent")}
    if unruled := sorted(intents - ruled):
        _rules(nlu_data)[0].fail(f"lacks a rule for {', '.join(unruled)}")


def _steps(nlu_data: Path) -> Iterator[Entry]:
    for rules in _rules(nlu_data):
        for rule in rules.list():
            yield from rule.need("steps").list()


def _rules(nlu_data: Path) -> list[Entry]:
    return [read_entry(path).need("rules") for path in _yaml(nlu_data / "rules")]


def _train(root: Path, brain_python: Path, domain: Path, model: Path, say: Say) -> None:
    """Train into a file of another name first, so that a broken training leaves nothing that looks like a model."""
    unfinished, log = f"unfinished-{os.getpid()}", root / "var" / "log" / "training.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(brain_python), "-m", "rasa", "train", "--config", "config.yml"]
    command += ["--domain", str(domain), "--out", str(model.parent), "--augmentation", "0"]
    command += ["--data", str(root / "nlu_data" / "nlu"), str(root / "nlu_data" / "rules")]
    # What Rasa would validate was checked before, with file and line.
    command += ["--fixed-model-name", unfinished, "--skip-validation"]
    environment = {**os.environ, **brain_environment(root)}
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(  # noqa: S603
            command,
            cwd=root / "bot" / "brain",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as training,
    ):
        for line in training.stdout or ():
            file.write(line)
            for stage in _stages(line):
                say(f"  {stage}")
    if training.returncode != 0:
        raise TrainingFailed(f"The training failed: see {log}.")
    (model.parent / f"{unfinished}.tar.gz").replace(model)


def _stages(line: str) -> Iterable[str]:
    """What a line of Rasa's log tells people about the progress."""
    for begun, ended in (
        ("Starting to train component", "learning"),
        ("Finished training", "done with"),
    ):
        if begun in line:
            yield f"{ended} {line.split(chr(39))[1].split('.')[-1]} ..."
