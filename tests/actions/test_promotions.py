"""Offers on a later day, and for who bargains."""

from datetime import timedelta

import pytest

from tests.actions.conftest import Talk

ASKED = "promotion_campaign"


async def test_an_offer_that_lasts_till_the_day_is_told(talk: Talk) -> None:
    assert (await talk.say("周六有活动吗", ASKED))["name"] == "utter_promotions"


@pytest.mark.parametrize(
    "text", ["圣诞有活动吗", "is there a sale at christmas", "明年双十一有活动吗"]
)
async def test_of_a_later_day_it_is_said_that_nothing_is_known_yet(talk: Talk, text: str) -> None:
    later, running = await talk.turn(text, ASKED)
    assert (later["name"], running["name"]) == ("utter_promotions_later", "utter_promotions")


async def test_where_nothing_runs_nothing_is_said_to_end(talk: Talk) -> None:
    talk.now += timedelta(days=10)
    assert (await talk.say("圣诞有活动吗", ASKED))["name"] == "utter_no_promotion"


async def test_a_day_far_away_is_no_question_of_an_offer(talk: Talk) -> None:
    reply = await talk.say("我的生日是5月3号，有优惠吗", ASKED)
    assert reply["name"] == "utter_promotions"


@pytest.mark.parametrize(
    "text",
    [
        "会员生日能打折吗",
        "能不能用优惠券",
        "再买一件有优惠吗",
        "有便宜点的香水吗",
        "什么时候再打折",
    ],
)
async def test_who_asks_what_there_is_does_not_bargain(talk: Talk, text: str) -> None:
    assert (await talk.say(text, ASKED))["name"] == "utter_promotions"


async def test_tomorrow_is_counted_by_our_clock(talk: Talk) -> None:
    talk.now = talk.now.replace(day=30, hour=1)
    names = [each["name"] for each in await talk.turn("明天还有活动吗", ASKED)]
    assert names == ["utter_promotions_later", "utter_promotions"]


async def test_who_bargains_hears_that_prices_are_the_same_for_all(talk: Talk) -> None:
    names = [each["name"] for each in await talk.turn("能不能给我打个折", ASKED)]
    assert names == ["utter_no_bargaining", "utter_promotions"]
    again = await talk.say("老客户再便宜点呗", ASKED)
    assert again["name"] == "utter_no_bargaining"
