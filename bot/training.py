"""Turns ``nlu_data/`` into a model, and tells how the brain is started with it.

Runs on the connector's Python and calls the brain's: nothing of Rasa is imported here.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot import lint
from bot.answers import AnswerBook
from bot.brand_files import load_brand
from bot.corpus import examples, held_back, talks, yaml_files
from bot.entries import Entry, read_entry
from bot.intents import FALLBACK
from bot.live import FileError
from bot.menu import MenuBook
from bot.models import ENDING, Models
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

LEARNING = (
    "background",
    "classifier",
    "encoders",
    "features",
    "intents",
    "regression",
    "sounds",
    "tokens",
)
"""The components that decide what a model becomes; the others may change without training."""

ALL_PROCESSORS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(os.cpu_count()))
"""A training has the machine to itself; a brain shares it."""

SHOWN = 12
"""How many doubtful places are told on the screen; the rest stands in a file."""

Say = Callable[[str], None]
Approve = Callable[[Path, Path], None]
"""Looks at a candidate and the model that it is to become; raises TrainingFailed if it must not."""


class TrainingFailed(Exception):
    """The data or the pipeline cannot be trained; the message says why, or where to read it."""


def ensure_model(
    root: Path,
    brain_python: Path,
    say: Say = print,
    approve: Approve = lambda candidate, model: None,
) -> Path:
    """The model for the data as it is now; if there is none yet, it is trained and must be approved.

    Raises FileError or OSError for broken data, TrainingFailed when Rasa cannot train or the model is not approved.
    """
    model = Models(models(root)).path(fingerprint(root))
    check_brand(root / "nlu_data" / "brand")
    if model.exists():
        return model
    check_corpus(root, say)
    domain = derived_domain(root)
    say("Training the model; this takes a few minutes ...")
    candidate = train(root, brain_python, domain, say)
    try:
        approve(candidate, model)
    except BaseException:
        candidate.unlink()
        raise
    candidate.replace(model)
    say("The model is trained.")
    return model


def check_brand(folder: Path) -> None:
    """Read the brand's files, which need no training. Raises FileError or OSError for a broken one."""
    load_brand(folder)
    MenuBook(folder / "menu.yml")


def models(root: Path) -> Path:
    """Where the models lie."""
    return root / "var" / "models"


def check_corpus(root: Path, say: Say) -> None:
    """Refuse what cannot be learnt, and tell what is doubtful. Raises FileError with file and line."""
    nlu_data = root / "nlu_data"
    learnt, tests = examples(nlu_data), held_back(nlu_data)
    talks(nlu_data / "tests")
    intents = {example.intent for example in learnt}
    for test in tests:
        if test.intent not in intents:
            raise FileError(f"{test.place}: tests {test.intent}, which nlu/ does not teach")
    found = [lint.shortened(fault, root) for fault in lint.faults(learnt, ENTITIES)]
    if found:
        more = f" ({len(found) - 1} more of this kind)" if len(found) > 1 else ""
        raise FileError(found[0] + more)
    _tell([lint.shortened(doubt, root) for doubt in lint.warnings(learnt, tests)], root, say)


def _tell(doubts: list[str], root: Path, say: Say) -> None:
    path = root / "var" / "log" / "doubts.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(doubts), encoding="utf-8")
    if doubts:
        say(f"{len(doubts)} places in nlu_data/ are worth a look; all of them stand in {path}:")
    for doubt in doubts[:SHOWN]:
        say(f"  {doubt}")


def fingerprint(root: Path) -> str:
    """What the model depends on, as 16 hex digits: data, answers' names, pipeline and locked libraries."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update("\n".join(sorted(_spoken_by_brain(root / "nlu_data"))).encode())
    return digest.hexdigest()[:16]


def _spoken_by_brain(nlu_data: Path) -> Set[str]:
    """The names of all answers but the notices, which the engine speaks: a new one asks for no new model."""
    return AnswerBook(nlu_data, required=NOTICES).names - NOTICES.keys()


def derived_domain(root: Path) -> Path:
    """Write down intents, entities and answers as the data has them; the folder is Rasa's domain.

    Raises FileError with file and line when a rule names something that is not there.
    """
    nlu_data = root / "nlu_data"
    answers = _spoken_by_brain(nlu_data)
    intents = [*sorted({example.intent for example in examples(nlu_data)}), FALLBACK]
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
        yaml.safe_dump(derived, file, allow_unicode=True, sort_keys=False)
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
    data = [*yaml_files(root / "nlu_data" / "nlu"), *yaml_files(root / "nlu_data" / "rules")]
    pipeline = [brain / "config.yml", brain / "requirements.lock", brain / "domain" / "domain.yml"]
    learnt = [brain / "components" / f"{name}.py" for name in LEARNING]
    return [*data, *pipeline, *learnt, root / "bot" / "normalizing.py"]


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
    return [read_entry(path).need("rules") for path in yaml_files(nlu_data / "rules")]


def train(root: Path, brain_python: Path, domain: Path, say: Say) -> Path:
    """A candidate, in a file of another name, so that a broken training leaves nothing that looks like a model.

    Raises TrainingFailed.
    """
    unfinished, log = f"unfinished-{os.getpid()}", root / "var" / "log" / "training.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(brain_python), "-m", "rasa", "train", "--config", "config.yml"]
    command += ["--domain", str(domain), "--out", str(models(root)), "--augmentation", "0"]
    command += ["--data", str(root / "nlu_data" / "nlu"), str(root / "nlu_data" / "rules")]
    # What Rasa would validate was checked before, with file and line.
    command += ["--fixed-model-name", unfinished, "--skip-validation"]
    environment = {**os.environ, **brain_environment(root), **ALL_PROCESSORS}
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
    return models(root) / f"{unfinished}{ENDING}"


def _stages(line: str) -> Iterable[str]:
    """What a line of Rasa's log tells people about the progress."""
    for begun, ended in (
        ("Starting to train component", "learning"),
        ("Finished training", "done with"),
    ):
        if begun in line:
            yield f"{ended} {line.split(chr(39))[1].split('.')[-1]} ..."
