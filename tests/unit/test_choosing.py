"""A number typed instead of a tap."""

import pytest

from bot.choosing import as_chosen
from bot.messages import Inbound
from tests.doubles import text

CHOICES = ("你们有哪些门店", "转人工")


@pytest.mark.parametrize("typed", ["2", "２", "②", "(2)", "（2）", "2.", "2、", " 2 ", "2。"])
def test_a_number_is_read_as_the_choice(typed: str) -> None:
    chosen = as_chosen(text(typed), CHOICES)
    assert chosen.text == "转人工"
    # It was typed: WeChat allows what it allows after any message.
    assert chosen.choice_id is None


@pytest.mark.parametrize("typed", ["0", "3", "22", "2个", "二楼", "-1", "2.5", "", "²"[:0]])
def test_other_words_stay(typed: str) -> None:
    assert as_chosen(text(typed), CHOICES).text == typed


def test_without_an_offer_a_number_is_a_number() -> None:
    assert as_chosen(text("2"), ()).text == "2"


def test_the_words_of_a_choice_count_as_a_tap_even_without_an_id() -> None:
    assert as_chosen(text("转人工"), CHOICES).choice_id == ""
    assert as_chosen(text("转人工", choice_id="b7.2"), CHOICES).choice_id == "b7.2"
    assert as_chosen(text("人工"), CHOICES).choice_id is None


def test_only_texts_choose() -> None:
    tapped = Inbound("1", "wxaccount", "oFollower", "event", 0.0, "2", "click", "k")
    assert as_chosen(tapped, CHOICES) is tapped
