"""Data that trainers broke: refused with file, line and field before anything starts."""

import shutil
from pathlib import Path

import pytest

from bot.live import FileError
from bot.training import check_brand, derived_domain, fingerprint

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what training reads."""
    shutil.copytree(ROOT / "nlu_data", tmp_path / "nlu_data")
    brain = tmp_path / "bot" / "brain"
    shutil.copytree(ROOT / "bot" / "brain" / "domain", brain / "domain")
    shutil.copytree(ROOT / "bot" / "brain" / "components", brain / "components")
    for name in ("config.yml", "requirements.lock"):
        shutil.copy(ROOT / "bot" / "brain" / name, brain / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first ``old``."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_data_is_sound(root: Path) -> None:
    check_brand(root / "nlu_data" / "brand")
    domain = derived_domain(root)
    assert "store_hours" in (domain / "derived.yml").read_text()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "brand/shops.yml",
            'mon: "10:00-22:00"',
            'mon: "10-22"',
            r"shops\.yml:\d+: field shops\..*hours",
        ),
        ("brand/menu.yml", "key: membership_join", "nokey: x", r"menu\.yml:\d+: "),
        ("brand/gifts.yml", "price: 180", "price: cheap", r"gifts\.yml:\d+: field .*price"),
    ],
)
def test_a_broken_brand_file_is_named_with_line_and_field(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(root / "nlu_data" / file, old, new)
    with pytest.raises(FileError, match=expected):
        check_brand(root / "nlu_data" / "brand")


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("rules/rules.yml", "intent: greet", "intent: gret", r"rules\.yml:\d+: .*gret"),
        ("rules/rules.yml", "action: utter_greet", "action: utter_x", r"rules\.yml:\d+: .*utter_x"),
        ("nlu/greet.yml", "examples: |", "exmples: |", r"greet\.yml:\d+: .*lacks examples"),
        (
            "answers/social.yml",
            "kind: social",
            "kind: nice",
            r"social\.yml:\d+: .*kind must be one of",
        ),
        ("answers/social.yml", "zh-Hant:", "zh-TW:", r"social\.yml:\d+: .*zh-TW is unknown"),
        ("answers/social.yml", "answers:", "answers: [", r"social\.yml:\d+: "),
    ],
)
def test_broken_data_is_named_with_file_and_line(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(root / "nlu_data" / file, old, new)
    with pytest.raises(FileError, match=expected):
        derived_domain(root)


def test_only_what_the_model_depends_on_asks_for_training(root: Path) -> None:
    before = fingerprint(root)
    edit(root / "nlu_data" / "answers" / "social.yml", "您好", "你好")
    edit(root / "nlu_data" / "brand" / "gifts.yml", "price: 180", "price: 190")
    assert fingerprint(root) == before
    edit(root / "nlu_data" / "nlu" / "greet.yml", "- 你好", "- 你好呀呀")
    assert fingerprint(root) != before
