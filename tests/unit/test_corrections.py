"""What a message takes back or rules out."""

import pytest

from bot.corrections import is_ruled_out, taken_back


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("不是手镯，我是说铃铛那个", "铃铛那个"),
        ("唔係聖誕日 我想問平安夜", "平安夜"),
        ("not silver, I mean gold", "gold"),
        ("想送妈妈，不是生日，是母亲节", "想送妈妈，母亲节"),
        ("上海店是不是关门了，我要明天去", "上海店是不是关门了，我要明天去"),
        ("明天不是周六吗，是几点开门", "明天不是周六吗，是几点开门"),
        ("是不是正品", "是不是正品"),
        ("", ""),
    ],
)
def test_what_is_taken_back_no_longer_counts(text: str, left: str) -> None:
    back = taken_back(text)
    assert (text[: back.start] + text[back.stop :]).removeprefix("the ") == left.removeprefix(
        "the "
    )


@pytest.mark.parametrize(
    ("text", "place", "is_out"),
    [
        ("我要去的是武汉的不是南京", "南京", True),
        ("我在武汉不是南京", "武汉", False),
        ("这不是南京店吗", "南京", False),
        ("是不是南京的店", "南京", False),
        ("not in Paris", "Paris", True),
    ],
)
def test_a_place_that_is_ruled_out_is_not_meant(text: str, place: str, is_out: bool) -> None:
    start = text.index(place)
    assert is_ruled_out(text, start, start + len(place)) is is_out
