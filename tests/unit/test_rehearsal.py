"""A turn against what a talk expects, and two models against each other."""

import pytest

from bot.corpus import Step
from bot.progress import changes
from bot.rehearsal import differences
from bot.spoken import Spoken
from bot.turn import Turn

TURN = Turn((Spoken("utter_hours", "answer", "10:00 开门"),), "zh-Hans", "hours", 0.9)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step("x"), ""),
        (Step("x", "hours", ("utter_a", "utter_hours"), ("开门",)), ""),
        (Step("x", "place"), "understood hours (0.90), not place"),
        (Step("x", answers=("utter_a",)), "answered utter_hours, not utter_a"),
        (Step("x", contains=("关门",)), "the answer lacks 关门"),
        (Step("x", hand_over="complaint"), "fetched a person for nothing, not for complaint"),
    ],
)
def test_differences_are_told(step: Step, told: str) -> None:
    assert "; ".join(differences(step, TURN)) == told


def test_a_brain_that_fails_is_a_difference() -> None:
    assert list(differences(Step("x"), Turn(trouble="brain_error"))) == [
        "the brain failed (brain_error)"
    ]


def row(text: str, intent: str, given: str) -> dict[str, str]:
    return {"text": text, "intent": intent, "given": given}


def test_what_became_better_and_worse_is_told_by_intent() -> None:
    before = [row("a", "hours", "hours"), row("b", "place", "hours"), row("gone", "x", "x")]
    after = [row("a", "hours", "place"), row("b", "place", "place"), row("new", "hours", "hours")]
    told = "\n".join(changes(before, after))
    assert "Of 3 test messages 66.7% are understood rightly; the model before: 50.0%" in told
    assert "▼ hours" in told
    assert "▲ place" in told
    assert "1 × hours taken for place" in told


def test_the_same_again_is_said_so() -> None:
    rows = [row("a", "hours", "hours")]
    assert any("No intent is understood better or worse" in line for line in changes(rows, rows))
