"""How such systems fail in the field, each story told here with another end."""

import asyncio

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.conversation import Speaker
from bot.messages import Delivery
from bot.pace import Limits
from connectors.rasa import RasaBrain
from connectors.simulator.client import Line, NotSeen, Phone
from connectors.store.connection import Connection
from tests.flow.channel import SECOND, Channel, SlowBrain, open_channel

WITHOUT_RIGHT = "unverified_subscription"


def told(lines: list[Line]) -> list[str]:
    """What the account said after the welcome."""
    return [line["text"] for line in lines if line["side"] == "account"][1:]


def failures(lines: list[Line]) -> list[Line]:
    """WeChat's failure lines."""
    return [line for line in lines if line["kind"] == "failure"]


async def test_story_1_a_model_slower_than_wechat_is_asked_once_and_answers_once(
    connection: Connection,
) -> None:
    brain = SlowBrain([12.0])
    async with open_channel(connection, brain) as channel:
        phone = await channel.phone()
        # Three deliveries: WeChat does not see the first two answered.
        await channel.simulator.fault("drop_answer", count=2, openid=phone.openid)
        await phone.say("几点开门")
        await phone.wait_for("回答", seconds=20)
        await phone.expect_silence(4 * SECOND)
        lines = await phone.transcript()
        assert len(await channel.deliveries(phone)) == 3
        assert told(lines) == ["回答 1：几点开门"]
        assert failures(lines) == []
        assert (await channel.settled()).outcomes["answered_by_bot"] == 1


@pytest.mark.parametrize("seconds", [6.0, 8.0, 12.0])
async def test_story_2_an_account_without_the_right_answers_on_a_later_delivery(
    connection: Connection, seconds: float
) -> None:
    brain = SlowBrain([seconds])
    async with open_channel(connection, brain, kind=WITHOUT_RIGHT) as channel:
        phone = await channel.phone()
        await phone.say("几点开门", wait=True)
        lines = await phone.transcript()
        assert told(lines) == ["回答 1：几点开门"]
        assert len(await channel.deliveries(phone)) == 2 + (seconds > 10)
        assert failures(lines) == []
        assert (await channel.settled()).outcomes["answered_by_bot"] == 1


async def test_story_2_an_answer_later_than_all_deliveries_comes_with_the_next_contact_once(
    connection: Connection,
) -> None:
    brain = SlowBrain([20.0, 0.0])
    async with open_channel(connection, brain, kind=WITHOUT_RIGHT) as channel:
        phone = await channel.phone()
        await phone.say("几点开门", wait=True)
        assert told(await phone.transcript()) == ["notice_late"]
        await until(channel, phone, Delivery.HELD)
        await phone.say("有什么优惠", wait=True)
        await phone.say("谢谢", wait=True)
        lines = await phone.transcript()
        assert told(lines) == [
            "notice_late",
            "回答 1：几点开门\n\n回答 2：有什么优惠",
            "回答 3：谢谢",
        ]
        assert failures(lines) == []
        assert (await channel.settled()).outcomes["answered_by_bot"] == 3


async def until(channel: Channel, phone: Phone, state: Delivery) -> None:
    """Wait until a bubble of this follower stands so."""
    async with asyncio.timeout(30):
        while not (await channel.store.read(phone.openid)).bubbles(state):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", ["verified_service", WITHOUT_RIGHT, "test"])
@pytest.mark.parametrize("merge_seconds", [0.0, 0.5])
async def test_story_3_whatever_the_settings_every_accepted_message_comes_to_an_end(
    connection: Connection, kind: str, merge_seconds: float
) -> None:
    brain = SlowBrain([0.0, 4.5, 0.5])
    options = {"kind": kind, "merge_seconds": merge_seconds}
    async with open_channel(connection, brain, **options) as channel:
        phones = [await channel.phone() for _ in range(3)]
        texts = ["在吗", "上海店", "几点关门？", "谢谢"]
        await asyncio.gather(*(phone.say(text) for phone in phones for text in texts))
        for phone in phones:
            await phone.say("还有优惠吗？", wait=True)
        # Twice: what is still being answered when the clock leaps opens another window.
        for _ in range(2):
            await asyncio.sleep(2)
            await channel.advance(49 * 3600)
        result = await channel.settled()
        assert result.is_sound
        assert result.enquiries >= len(phones)
        for phone in phones:
            said = [told.line.text for told in await channel.store.transcript(phone.openid)]
            assert {*texts, "还有优惠吗？"} <= set(said)


async def test_story_5_what_was_written_to_a_connection_that_wechat_left_was_not_delivered(
    connection: Connection,
) -> None:
    brain = SlowBrain([13.0])
    async with open_channel(connection, brain) as channel:
        phone = await channel.phone()
        await channel.simulator.fault("hang_up", count=3, seconds=SECOND, openid=phone.openid)
        await phone.say("几点开门", wait=True)
        await until(channel, phone, Delivery.HANDED)
        assert told(await phone.transcript()) == []
        assert (await channel.audit()).outcomes["answered_by_bot"] == 0
        # Nobody took it from a callback: it goes as a customer message, once.
        await channel.advance(13)
        line = await phone.wait_for("回答", seconds=20)
        assert line["way"] == "custom"
        assert (await channel.settled()).outcomes["answered_by_bot"] == 1
        assert told(await phone.transcript()) == ["回答 1：几点开门"]


async def test_story_10_the_sixth_message_is_never_tried(connection: Connection) -> None:
    async with open_channel(connection, SlowBrain([5.0])) as channel:
        phone = await channel.phone()
        await phone.say("几点开门")
        await phone.wait_for("回答", seconds=20)
        conversation = await channel.store.read(phone.openid)
        left = conversation.allowance.remaining(channel.clock.now())
        assert left == (await phone.state())["remaining"] == 4
        refused = [call for call in await channel.calls("custom/send") if call["errcode"]]
        assert refused == []


async def test_story_19_only_a_real_failure_of_the_brain_fetches_a_person(
    connection: Connection,
) -> None:
    slow = iter([4.0, 6.0, 12.0])

    async def webhook(request: web.Request) -> web.Response:
        seconds = next(slow, None)
        if seconds is None:
            return web.Response(status=500)
        await asyncio.sleep(seconds * SECOND)
        return web.json_response(TURN)

    rasa = web.Application()
    rasa.add_routes([web.post("/webhooks/bida/webhook", webhook)])
    async with TestServer(rasa) as server, ClientSession() as session:
        url = str(server.make_url("")).rstrip("/")
        brain = RasaBrain(session, lambda: [url], 15 * SECOND)
        async with open_channel(connection, brain) as channel:
            phone = await channel.phone()
            for text in ("一？", "二？", "三？"):
                await phone.say(text)
                await phone.wait_for("十点", seconds=20)
                assert (await channel.store.read(phone.openid)).speaker is Speaker.BOT
            await phone.say("四？")
            await phone.wait_for("notice_brain_down", seconds=20)
            assert (await channel.store.read(phone.openid)).reason == "brain_error"


TURN = {
    "status": "ok",
    "language": "zh-Hans",
    "nlu": {"intent": {"name": "store_hours", "confidence": 0.9}, "ranking": []},
    "replies": [
        {
            "name": "utter_store_hours",
            "kind": "answer",
            "text": "十点",
            "choices": [],
            "hand_over": None,
        }
    ],
}


async def test_story_26_two_machines_that_answer_each_other_come_to_an_end(
    connection: Connection,
) -> None:
    limits = Limits(minute=6, day=300, same=50)
    async with open_channel(connection, SlowBrain(), limits=limits) as channel:
        phone = await channel.phone()
        heard, replies = "你好", 0
        for _ in range(20):
            await phone.say(f"自动回复：{heard}", wait=True)
            try:
                heard = (await phone.wait_for(seconds=0.3))["text"][:40]
            except NotSeen:
                break
            replies += 1
        # The last word tells that a person will come; then there is silence, whatever the other machine says.
        assert 2 < replies <= limits.minute + 2
        assert "notice_too_many" in told(await phone.transcript())[-1]
        conversation = await channel.store.read(phone.openid)
        assert (conversation.speaker, conversation.reason) == (Speaker.WAITING, "too_many")
        await phone.say("自动回复：还在", wait=True)
        await phone.expect_silence(0.3)


async def test_story_26_the_same_words_again_and_again_are_a_machine(
    connection: Connection,
) -> None:
    async with open_channel(connection, SlowBrain(), limits=Limits(0, 0, 3)) as channel:
        phone = await channel.phone()
        for _ in range(5):
            await phone.say("您好，我现在有事不在。", wait=True)
        said = told(await phone.transcript())
        assert len(said) == 4
        assert "notice_too_many" in said[-1]


async def test_story_28_one_send_that_hangs_holds_up_nobody_else(connection: Connection) -> None:
    brain = SlowBrain([4.5, 4.5])
    async with open_channel(connection, brain) as channel:
        stuck, other = await channel.phone(), await channel.phone()
        await channel.simulator.fault("hang_send", seconds=6.0, accepted=True, openid=stuck.openid)
        await stuck.say("一？")
        await until(channel, stuck, Delivery.SENDING)
        await other.say("二？")
        assert (await other.wait_for("回答 2", seconds=20))["way"] == "custom"
        # The first one still hangs, and the other had the answer meanwhile.
        assert (await channel.store.read(stuck.openid)).bubbles(Delivery.SENDING)


async def test_story_34_a_token_voided_in_the_middle_of_a_burst_drops_no_message(
    connection: Connection,
) -> None:
    async with open_channel(connection, SlowBrain([5.0])) as channel:
        phones = [await channel.phone() for _ in range(8)]
        await phones[0].say("先来")
        await phones[0].wait_for("回答", seconds=20)
        await asyncio.gather(*(phone.say(f"问题{n}？") for n, phone in enumerate(phones)))
        await channel.simulator.fault("void_token")
        for phone in phones:
            await phone.wait_for("问题", seconds=20)
        said = [told(await phone.transcript()) for phone in phones]
        assert [len(each) for each in said] == [2, *[1] * 7]
        assert len(await channel.calls("stable_token")) == 2
        assert (await channel.settled()).outcomes["answered_by_bot"] == 9
