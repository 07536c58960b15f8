"""What is sold at all."""

import pytest

from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("那你们都卖什么呀", "product_availability"),
        ("你们有什么产品", "product_recommendation"),
        ("what else do you sell", "product_info"),
    ],
)
async def test_who_asks_what_is_sold_is_told_the_kinds(talk: Talk, text: str, intent: str) -> None:
    talk.language = "en" if text.isascii() else "zh-Hans"
    reply = await talk.say(text, intent)
    assert reply["name"] == "utter_assortment"
    assert ("scarf" if text.isascii() else "丝巾") in reply["text"]


async def test_the_kind_that_is_named_next_is_shown(talk: Talk) -> None:
    await talk.say("你们卖什么", "product_availability")
    reply = await talk.say("丝巾", "inform", product_category="scarf")
    assert reply["name"] == "utter_product_recommendation"


@pytest.mark.parametrize("text", ["有手机壳卖吗", "你们卖不卖月饼", "do you sell umbrellas"])
async def test_goods_that_no_file_knows_are_looked_up_and_the_kinds_told(
    talk: Talk, text: str
) -> None:
    reply = await talk.say(text, "product_availability")
    assert (reply["name"], reply["hand_over"]) == ("utter_not_in_assortment", "stock_check")


@pytest.mark.parametrize("text", ["还有现货吗", "第二个有货吗", "上海店有吗"])
async def test_stock_is_another_question(talk: Talk, text: str) -> None:
    city = {"city": "shanghai"} if "上海" in text else {}
    reply = await talk.say(text, "product_availability", **city)
    assert reply["name"] != "utter_not_in_assortment"
