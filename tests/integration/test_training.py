"""What a model is trained on: derived from the data, checked by line, told apart by a fingerprint."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from bot import training
from bot.live import FileError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the shipped pipeline and a copy of the data."""
    shutil.copytree(ROOT / "nlu_data", tmp_path / "nlu_data")
    brain = tmp_path / "bot" / "brain"
    ignored = shutil.ignore_patterns(".venv", ".rasa", "__pycache__")
    shutil.copytree(ROOT / "bot" / "brain", brain, ignore=ignored)
    shutil.copy(ROOT / "bot" / "normalizing.py", tmp_path / "bot")
    return tmp_path


def test_the_domain_is_derived_from_the_data(root: Path) -> None:
    folder = training.derived_domain(root)
    derived = yaml.safe_load((folder / "derived.yml").read_text("utf-8"))
    assert {"store_hours", "out_of_scope", "nlu_fallback"} <= set(derived["intents"])
    assert "city" in derived["entities"]
    assert "utter_greet" in derived["responses"]
    assert (folder / "domain.yml").exists()


def test_a_new_phrase_asks_for_a_new_model_and_a_new_text_does_not(root: Path) -> None:
    before = training.fingerprint(root)
    _edit(root / "nlu_data" / "answers" / "social.yml", "您好！", "你好！")
    _edit(root / "nlu_data" / "brand" / "shops.yml", "10:00-22:00", "10:00-21:00")
    assert training.fingerprint(root) == before
    _edit(root / "nlu_data" / "nlu" / "greet.yml", "examples: |\n", "examples: |\n      - 嗨起来\n")
    assert training.fingerprint(root) != before


@pytest.mark.parametrize("part", ["config.yml", "domain/domain.yml", "components/sounds.py"])
def test_another_pipeline_asks_for_a_new_model(root: Path, part: str) -> None:
    before = training.fingerprint(root)
    path = root / "bot" / "brain" / part
    path.write_text(path.read_text() + "\n# changed\n")
    assert training.fingerprint(root) != before


@pytest.mark.parametrize(
    ("file", "right", "wrong", "fault"),
    [
        ("nlu/greet.yml", "intent: greet", "intant: greet", r"greet\.yml:\d+: .*lacks intent"),
        ("nlu/greet.yml", "examples: |\n", "examples: |\n      嗨\n", r"greet\.yml:6: .*dash"),
        (
            "rules/rules.yml",
            "action: action_greet",
            "action: action_grete",
            r"rules\.yml:9: .*action_grete",
        ),
        ("rules/rules.yml", "- intent: greet\n", "- intent: grete\n", r"rules\.yml:8: .*grete"),
        ("rules/rules.yml", "- intent: thanks\n", "- intent: greet\n", r"lacks a rule for thanks"),
    ],
)
def test_broken_data_is_refused_by_line(
    root: Path, file: str, right: str, wrong: str, fault: str
) -> None:
    _edit(root / "nlu_data" / file, right, wrong)
    with pytest.raises(FileError, match=fault):
        training.ensure_model(root, Path(sys.executable), print)


def test_a_trained_model_is_not_trained_again(root: Path) -> None:
    model = root / "var" / "models" / f"{training.fingerprint(root)}.tar.gz"
    model.parent.mkdir(parents=True)
    model.touch()
    said: list[str] = []
    assert training.ensure_model(root, Path("/no/python/here"), said.append) == model
    assert said == []


def test_a_training_that_fails_leaves_no_model(root: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho broken\nexit 3\n")
    python.chmod(0o755)
    with pytest.raises(training.TrainingFailed, match=r"training\.log"):
        training.ensure_model(root, python, lambda _: None)
    assert list((root / "var" / "models").glob("*.tar.gz")) == []
    assert "broken" in (root / "var" / "log" / "training.log").read_text()


def test_the_brain_listens_where_it_is_asked_to(root: Path) -> None:
    command, environment = training.brain_command(
        root, Path("/p"), root / "m.tar.gz", "http://127.0.0.1:5099"
    )
    assert command[command.index("--port") + 1] == "5099"
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


def _edit(path: Path, right: str, wrong: str) -> None:
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
