"""One form for the model: script, width, emoji and noise do not matter to it."""

import pytest

from bot.normalizing import LONGEST, normalized


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("請問幾點開門", "请问几点开门"),
        ("ＶＩＰ　會員", "vip 会员"),
        ("几点关门？", "几点关门?"),
        ("谢谢[微笑][玫瑰]", "谢谢"),
        ("谢谢/::)", "谢谢"),
        ("谢谢😊👍🏻", "谢谢"),
        ("在\u200b吗\ufeff", "在吗"),
        ("在\x00吗\n\n有人\t吗", "在 吗 有人 吗"),
        ("好好好好好好好", "好好好"),
        ("  hi  ", "hi"),
        ("订单号LN2026112400123查下", "订单号12345678查下"),
        ("138-0000-0000", "12345678"),
        ("12315", "12315"),
    ],
)
def test_what_does_not_matter_is_gone(text: str, expected: str) -> None:
    assert normalized(text) == expected


@pytest.mark.parametrize("text", ["😀", "[微笑]", "🙏🙏🙏", "？！"])
def test_a_text_of_signs_alone_does_not_become_empty(text: str) -> None:
    assert normalized(text)


def test_a_long_text_is_cut() -> None:
    assert len(normalized("营业时间" * 2000)) == LONGEST


def test_every_plane_of_unicode_passes() -> None:
    for code in range(0, 0x110000, 97):
        normalized(f"a{chr(code)}b")
