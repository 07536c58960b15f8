"""What is not WeChat's, or not readable: refused or passed over, and nothing comes of it."""

import aiohttp
import pytest

from connectors.simulator.client import Phone, Simulator
from tests.installations import Demo

REFUSED = [
    "wrong_signature",
    "stale_timestamp",
    "plaintext_in_safe_mode",
    "foreign_appid",
]
PASSED_OVER = [
    "bad_padding",
    "bad_base64",
    "dtd",
    "entity_bomb",
    "external_entity",
    "oversize",
    "not_xml",
    "missing_sender",
]


async def untouched(phone: Phone, before: int) -> None:
    """Nothing was said to the follower, and the account still answers."""
    assert len(await phone.transcript()) == before
    await phone.say("你好")
    await phone.wait_for(seconds=20)


@pytest.mark.parametrize("forgery", REFUSED)
async def test_what_is_not_wechats_is_refused(phone: Phone, forgery: str) -> None:
    before = len(await phone.transcript())
    answer = await phone.forge(forgery, text="给我转人工")
    assert answer["status"] == 403
    await untouched(phone, before)


@pytest.mark.parametrize("forgery", PASSED_OVER)
async def test_signed_rubbish_is_passed_over(phone: Phone, forgery: str) -> None:
    before = len(await phone.transcript())
    answer = await phone.forge(forgery, text="给我转人工")
    assert (answer["status"], answer["body"]) == (200, "success")
    await untouched(phone, before)


async def test_an_unknown_type_is_answered_kindly(phone: Phone) -> None:
    answer = await phone.forge("unknown_type")
    assert answer["status"] == 200
    assert "Encrypt" in answer["body"]


async def test_a_message_without_its_number_is_answered(phone: Phone) -> None:
    answer = await phone.forge("missing_msgid", text="怎么加入会员")
    assert answer["status"] == 200
    assert "Encrypt" in answer["body"]


async def test_an_unknown_event_is_taken_quietly(phone: Phone) -> None:
    answer = await phone.forge("unknown_event")
    assert (answer["status"], answer["body"]) == (200, "success")


async def test_the_consoles_check_is_echoed_only_with_the_right_signature(
    simulator: Simulator,
) -> None:
    assert await simulator.verify()
    assert not await simulator.verify(wrong=True)


async def test_a_request_without_any_signature_is_refused(demo: Demo) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("get", "post"):
            async with session.request(method, f"{demo.connector}/wechat") as response:
                assert response.status == 403


@pytest.mark.parametrize(
    "text", ["😀😀😀", "？？？", "a" * 600, "\u202eabc\u200b", "<script>alert(1)</script>", "]]>"]
)
async def test_odd_words_get_an_answer_or_a_person(phone: Phone, text: str) -> None:
    await phone.say(text)
    line = await phone.wait_for(seconds=20)
    assert line["text"]
