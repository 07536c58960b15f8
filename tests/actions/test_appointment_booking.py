"""Appointments on days with hours of their own."""

import pytest

from tests.actions.conftest import Talk


async def test_nobody_is_booked_for_a_day_on_which_the_shop_is_closed(talk: Talk) -> None:
    await talk.say("想约个时间去玛黑店", "appointment_booking", store="marais")
    closed = await talk.say("周日下午", "inform", weekday_or_date="周日")
    assert closed["name"] == "utter_store_hours_closed"
    assert closed["hand_over"] is None
    booked = await talk.say("那周二吧", "inform", weekday_or_date="周二")
    assert booked["hand_over"] == "appointment"


async def test_unusual_hours_are_told_before_the_wish_is_noted(talk: Talk) -> None:
    await talk.say("想约个时间去外滩店", "appointment_booking", store="bund")
    hours, noted = await talk.turn("12月31号中午", "inform", weekday_or_date="12月31号")
    assert "10:00–18:00" in hours["text"]
    assert noted["hand_over"] == "appointment"


async def test_usual_hours_need_no_word(talk: Talk) -> None:
    await talk.say("想约个时间去外滩店", "appointment_booking", store="bund")
    noted = await talk.say("周五下午", "inform", weekday_or_date="周五")
    assert noted["name"] == "utter_appointment"


async def test_a_place_that_is_ruled_out_is_not_told(talk: Talk) -> None:
    await talk.say("外滩店停车怎么收", "store_location", store="bund")
    reply = await talk.say("我要去的是北京的不是上海", "inform", city="北京=beijing 上海=shanghai")
    assert "三里屯" in reply["text"]
    assert "外滩" not in reply["text"]


async def test_a_day_told_before_is_no_booking(talk: Talk) -> None:
    await talk.say("外滩店周五几点关门", "store_hours", store="bund", weekday_or_date="周五")
    reply = await talk.say("要预约吗", "appointment_booking")
    assert reply["name"] == "utter_appointment_optional"


@pytest.mark.parametrize("text", ["要预约吗还是直接去就行", "do I need an appointment?"])
async def test_it_takes_no_appointment_to_come(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "appointment_booking", store="bund")
    assert reply["name"] == "utter_appointment_optional"


async def test_what_is_added_after_a_person_was_called_is_noted(talk: Talk) -> None:
    await talk.say(
        "周五下午去外滩店，约一下", "appointment_booking", store="bund", weekday_or_date="周五"
    )
    reply = await talk.say("改成周六吧 两个人", "inform", weekday_or_date="周六")
    assert reply["text"].startswith("好的，记下了")
    assert reply["hand_over"] == "appointment"


@pytest.mark.parametrize(
    "text", ["I need to make an appointment", "我要预约不知道哪天有空", "我想约周五，直接来可以"]
)
async def test_who_wants_an_appointment_is_not_told_to_just_come(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "appointment_booking", store="bund")
    assert reply["name"] != "utter_appointment_optional"
