"""Doubtful training data is found, and the finding names file and line."""

from pathlib import Path

import pytest

from bot import lint
from bot.corpus import Example, examples, held_back, talks
from bot.live import FileError

NLU = """\
version: "3.1"

nlu:
  - intent: points
    examples: |
      - 我有多少积分
      - 我有多少積分
      - 怎么查询我的积分余额
  - intent: hours
    examples: |
      - 几点开门
      - 怎么查询我的积分余额呢
"""


@pytest.fixture
def nlu_data(tmp_path: Path) -> Path:
    """Data with two intents, a test message and a talk."""
    for folder in ("nlu", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "nlu" / "all.yml").write_text(NLU)
    (tmp_path / "tests" / "messages.yml").write_text("- {text: 几点开门?, intent: hours}\n")
    (tmp_path / "tests" / "talks.yml").write_text(
        "- name: hours\n  turns:\n    - {say: 几点, intent: null, contains: [点]}\n"
    )
    return tmp_path


def test_examples_know_their_lines(nlu_data: Path) -> None:
    found = examples(nlu_data)
    assert found[0] == Example("我有多少积分", "points", f"{nlu_data}/nlu/all.yml:6")
    assert found[3].place.endswith("all.yml:11")


def test_a_line_without_its_dash_is_refused(nlu_data: Path) -> None:
    (nlu_data / "nlu" / "all.yml").write_text(NLU.replace("- 几点开门", "几点开门"))
    with pytest.raises(FileError, match=r"all\.yml:11: .*dash"):
        examples(nlu_data)


def test_talks_are_read_with_what_they_expect(nlu_data: Path) -> None:
    (talk,) = talks(nlu_data / "tests")
    assert talk.steps[0].say == "几点"
    assert talk.steps[0].intent == ""
    assert talk.steps[0].contains == ("点",)


def test_one_message_under_two_intents_is_a_fault() -> None:
    pair = [Example("积分？", "points", "a.yml:1"), Example("積分?", "hours", "b.yml:2")]
    (fault,) = lint.faults(pair, ["city"])
    assert fault.startswith("b.yml:2: ")
    assert "a.yml:1" in fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[上海](town)几点开门", "town, which is no entity"),
        ("[上海 ](city)几点开门", "the brackets must hold the words alone"),
        ('[]{"entity": "city"}几点开门', "the brackets must hold the words alone"),
    ],
)
def test_misaligned_entities_are_faults(text: str, said: str) -> None:
    assert said in "".join(lint.faults([Example(text, "hours", "a.yml:1")], ["city"]))


def test_right_markup_is_none() -> None:
    assert list(lint.faults([Example("[上海](city)几点开门", "hours", "a.yml:1")], ["city"])) == []


def test_doubles_near_doubles_leaks_and_thin_intents_are_told(nlu_data: Path) -> None:
    told = list(lint.warnings(examples(nlu_data), held_back(nlu_data)))
    assert [each.partition(": ")[0].rpartition("/")[2] for each in told] == [
        "all.yml:11",
        "all.yml:6",
        "all.yml:7",
        "all.yml:12",
    ]
    assert "hours has 2 examples only" in told[0]
    assert "the same in another script" in told[2]
    assert "is nearly" in told[3]


def test_a_learnt_test_message_is_told() -> None:
    example, test = Example("几点开门", "hours", "a.yml:1"), Example("幾點開門", "hours", "t.yml:3")
    assert any(
        each.startswith("t.yml:3: ") and "learnt from a.yml:1" in each
        for each in lint.warnings([example], [test])
    )
