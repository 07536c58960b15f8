"""Texts within WeChat's bounds."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Bubble
from bot.text import TEXT_BYTES, linked, pieces, room_for_text, safe, weight
from connectors.wechat.replies import passive_text

FAMILY = "👨‍👩‍👧‍👦"
"""One character to people, 25 bytes and seven code points to machines."""

WHOLE = [FAMILY, "👍🏽", "🇨🇳", "❤️", "é", "1️⃣"]

texts = st.text(max_size=600) | st.lists(
    st.sampled_from([*"长 a。\n😀<>&", *WHOLE, "<a ", "</a>", '<a href="https://x">长</a>']),
    max_size=400,
).map("".join)


@pytest.mark.parametrize("size", [2040, 2047, 2048, 2049, 4096, 6200])
@pytest.mark.parametrize("border", ["😀", *WHOLE])
def test_story_11_long_text_is_cut_between_characters(size: int, border: str) -> None:
    """Wherever the border falls, no half character: neither of UTF-8 nor of what people see."""
    for shift in range(len(border.encode())):
        filling = "a" * shift
        text = filling + (border * (size // len(border.encode()) + 1))
        text = text.encode()[:size].decode(errors="ignore")
        text = filling + border * ((len(text) - shift) // len(border))
        parts = list(pieces(text, TEXT_BYTES))
        assert "".join(parts) == text
        assert all(len(part.encode()) <= TEXT_BYTES for part in parts)
        assert all(part.removeprefix(filling).replace(border, "") == "" for part in parts)
        assert len(parts) == -(-len(text.encode()) // (TEXT_BYTES - len(border.encode()) + 1)) or (
            len(parts) == -(-len(text.encode()) // TEXT_BYTES)
        )


@given(texts, st.integers(60, 400))
def test_parts_are_whole_in_order_and_within_the_limit(text: str, limit: int) -> None:
    parts = list(pieces(text, limit))
    assert all(part.strip() and len(part.encode()) <= limit for part in parts)

    def solid(words: str) -> str:
        return re.sub(r"\s", "", words)

    assert solid("".join(parts)) == solid(linked(text))


@given(texts, st.integers(60, 400))
def test_two_parts_could_not_have_been_one(text: str, limit: int) -> None:
    parts = list(pieces(text, limit))
    for part, after in pairwise(parts):
        assert len((part + after).encode()) > limit // 2


@given(texts, st.lists(st.text(min_size=1, max_size=20), max_size=4).map(tuple))
def test_what_weighs_little_enough_fits_into_a_reply(text: str, choices: tuple[str, ...]) -> None:
    for part in pieces(text, room_for_text(choices)):
        bubble = Bubble("b1", "bot", part, choices)
        assert len(passive_text([bubble], is_numbered=True).encode()) <= weight(bubble)
        assert weight(bubble) <= TEXT_BYTES or len(choices) > 2


def test_a_link_is_not_cut() -> None:
    link = '<a href="https://m.lunelle.example/a-rather-long-address">会员中心</a>'
    for shift in range(120):
        parts = list(pieces("长" * 10 + "a" * shift + link + "短" * 20, 150))
        assert any(link in part for part in parts)


@pytest.mark.parametrize("text", ["", " \n ", "\u202e\x07", "\x00"])
def test_nothing_to_say_is_no_part(text: str) -> None:
    assert list(pieces(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00\x1b[31m\x85b", "a[31m\nb"),
        ("\ud800x\ufeff", "x"),
        ("tab\tand line\n", "tab\tand line\n"),
        (FAMILY, FAMILY),
    ],
)
def test_control_characters_and_turns_of_direction_go(text: str, expected: str) -> None:
    assert safe(text) == expected


@pytest.mark.parametrize(
    "sound",
    [
        '<a href="https://x.example/?a=1&b=2">看看</a>',
        '<a href="weixin://bizmsgmenu?msgmenucontent=门店&msgmenuid=1">门店</a>',
        '<a href="tel:400-555-0188">打电话</a>',
        '<a href="https://x.example" data-miniprogram-appid="wx1" data-miniprogram-path="p/x">买</a>',
        "您好 <3 👋 1<2",
    ],
)
def test_sound_links_stay(sound: str) -> None:
    assert linked(f"前{sound}后") == f"前{sound}后"


@pytest.mark.parametrize(
    "bad",
    [
        '<a href="javascript:alert(1)">x</a>',
        "<a href=https://x.example>x</a>",
        '<a href="https://x.example"></a>',
        '<a href="https://x.example">x',
        "</a>",
        "<A HREF='//x'>x</A>",
        '<a href="https://x.example" onclick="x">x</a>',
    ],
)
def test_whatever_only_begins_like_a_link_is_words(bad: str) -> None:
    assert "<a" not in linked(bad).lower()
    assert "</a" not in linked(bad).lower()


@given(texts)
def test_making_safe_twice_changes_nothing(text: str) -> None:
    assert linked(linked(text)) == linked(text)
