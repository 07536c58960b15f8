"""Where the shops are."""

import pytest

from tests.actions.conftest import Talk


async def test_a_named_shop_gets_address_way_and_phone(talk: Talk) -> None:
    reply = await talk.say("外滩店怎么走", "store_location", store="bund")
    assert reply["name"] == "utter_store_location"
    for words in ("上海外滩店", "中山东一路1号", "地铁二号线", "021-5555-0001"):
        assert words in reply["text"]


async def test_a_city_gets_a_line_for_each_shop(talk: Talk) -> None:
    talk.language = "en"
    reply = await talk.say("where are you in Shanghai?", "store_location", city="shanghai")
    assert "· Shanghai Bund: 1 Bund\n· Shanghai Xuhui: 2 Zhaojiabang Road" in reply["text"]


async def test_a_missing_city_is_asked_for(talk: Talk) -> None:
    reply = await talk.say("你们店在哪", "store_location")
    assert reply["name"] == "utter_ask_city"
    reply = await talk.say("香港", "inform", city="hong_kong")
    assert "德辅道4号" in reply["text"]


@pytest.mark.parametrize(
    "text",
    ["你们在哪些城市有店", "有哪些门店", "哪里有店", "还有别的店吗", "which cities are you in?"],
)
async def test_all_cities_are_told_where_they_are_asked_for(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "store_location")
    assert reply["name"] == "utter_store_cities"
    reply = await talk.say("巴黎", "inform", city="paris")
    assert reply["name"] == "utter_store_location"


async def test_the_nearest_shop_needs_a_place(talk: Talk) -> None:
    await talk.say("拉萨有店吗", "store_location", city="lhasa")
    reply = await talk.say("离我最近的是哪家", "store_location")
    assert (reply["name"], reply["kind"]) == ("utter_nearest_store", "question")
    reply = await talk.say("最近的呢", "store_location")
    assert reply["name"] == "utter_store_cities"
    reply = await talk.say("香港哪家最近", "store_location", city="hong_kong")
    assert "德辅道4号" in reply["text"]


async def test_a_city_without_a_shop_is_told_the_others(talk: Talk) -> None:
    reply = await talk.say("拉萨有店吗", "store_location", city="lhasa")
    assert reply["name"] == "utter_no_shop_in_city"


async def test_beside_a_city_without_a_shop_the_nearest_one_is_told_and_kept(talk: Talk) -> None:
    reply = await talk.say("苏州有店吗", "store_location", city="suzhou")
    assert reply["name"] == "utter_nearest_to_city"
    assert "外滩" in reply["text"]
    hours = await talk.say("周日几点关", "store_hours", weekday_or_date="周日")
    assert hours["name"] == "utter_store_hours_city"
    nearest = await talk.say("离我最近的是哪家", "store_location")
    assert nearest["name"] == "utter_store_location_city"


async def test_who_says_when_they_come_hears_the_hours_too(talk: Talk) -> None:
    where, hours = await talk.turn(
        "外滩店在哪，我周六去", "store_location", store="bund", weekday_or_date="周六"
    )
    assert where["name"] == "utter_store_location"
    assert hours["name"] == "utter_store_hours"
