"""In which language a follower is answered."""

import pytest

from bot.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("你们几点关门", "zh-Hans"),
        ("請問幾點開門", "zh-Hant"),
        ("唔該", "zh-Hant"),
        ("你好", "zh-Hans"),
        ("VIP会员怎么办", "zh-Hans"),
        ("會員 card", "zh-Hant"),
        ("When do you close?", "en"),
        ("hello", "en"),
        ("ni hao, huiyuan ka zenme ban", "zh-Hans"),
        ("12345", "zh-Hans"),
        ("😀", "zh-Hans"),
        ("", "zh-Hans"),
    ],
)
def test_a_first_message_tells_its_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("previous", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("text", ["123", "👍", "ok", "VIP", "?"])
def test_what_everybody_types_keeps_the_language(text: str, previous: str) -> None:
    assert language_of(text, previous) == previous


def test_characters_of_both_scripts_keep_the_script() -> None:
    assert language_of("北京", "zh-Hant") == "zh-Hant"
    assert language_of("北京", "en") == "zh-Hans"


def test_simplified_characters_end_the_traditional_script() -> None:
    assert language_of("几点开门", "zh-Hant") == "zh-Hans"


def test_a_sentence_changes_the_language() -> None:
    assert language_of("Where is your shop?", "zh-Hans") == "en"
    assert language_of("你们店在哪", "en") == "zh-Hans"


@pytest.mark.parametrize("text", ["can I change it", "see you", "hang on", "are you human"])
def test_english_is_not_taken_for_pinyin(text: str) -> None:
    assert language_of(text) == "en"
