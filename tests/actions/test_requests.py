"""What is asked after a request that a person was called for."""

import pytest

from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "intent"),
    [("多久交货", "shipping_delivery"), ("能打折吗", "promotion_campaign"), ("要200份", "inform")],
)
async def test_what_a_company_asks_on_is_for_the_person_who_was_called(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.say("公司要订一批礼品", "corporate_orders")
    reply = await talk.say(text, intent, {intent: 0.97})
    assert (reply["name"], reply["hand_over"]) == ("utter_corporate_orders", "corporate_order")
    assert "记下了" in reply["text"]


async def test_it_stays_so_for_the_next_question(talk: Talk) -> None:
    await talk.say("公司要订一批礼品", "corporate_orders")
    await talk.say("多久交货", "shipping_delivery")
    reply = await talk.say("能先看样品吗", "nlu_fallback", {"nlu_fallback": 0.45})
    assert reply["name"] == "utter_corporate_orders"


async def test_what_is_doubtful_after_an_appointment_is_noted(talk: Talk) -> None:
    await talk.say("想约周六下午三点去外滩店", "appointment_booking", store="bund")
    reply = await talk.say("可以带孩子吗", "gift_wrapping", {"gift_wrapping": 0.61})
    assert reply["name"] == "utter_appointment"
    assert "记下了" in reply["text"]


async def test_another_clear_question_is_answered(talk: Talk) -> None:
    await talk.say("公司要订一批礼品", "corporate_orders")
    reply = await talk.say("外滩店在哪", "store_location", store="bund")
    assert reply["name"] == "utter_store_location"
