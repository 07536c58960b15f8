"""People who sit at WeChat's own desk: escalations go there by the reply to the callback."""

import pytest

from bot.messages import Inbound
from bot.turn import Turn
from connectors.simulator.client import Phone
from connectors.store.connection import Connection
from tests.doubles import answer
from tests.flow.channel import Channel, SlowBrain, open_channel


class HandingBrain(SlowBrain):
    """Wants a person for 人工 and answers everything else."""

    async def ask(self, message: Inbound) -> Turn:
        turn = await super().ask(message)
        is_wish = "人工" in message.text
        return answer("好的", "notice", "asked_for_human") if is_wish else turn


async def answered(channel: Channel, phone: Phone) -> str:
    """What the callback answered to the last delivery."""
    return str((await channel.deliveries(phone))[-1]["answer"])


@pytest.mark.parametrize("words", ["人工", "我要人工，现在"])
async def test_a_wish_for_a_person_hands_over_by_the_reply_and_counts_as_handed_over(
    connection: Connection, words: str
) -> None:
    async with open_channel(connection, HandingBrain(), human_desk="wechat") as channel:
        phone = await channel.phone()
        await phone.say(words, wait=True)
        assert "<![CDATA[transfer_customer_service]]>" in await answered(channel, phone)
        result = await channel.settled()
        assert result.reasons["no_answer_needed(handed_to_wechat_desk)"] == 1
        assert result.escalations == {"asked_for_human": 1}
        assert await channel.store.listed() == []
        assert await channel.calls("custom/send") == []
        # While they wait there, pushes still come here, and the bot goes on.
        await phone.say("几点开门", wait=True)
        assert (await phone.wait_for("回答"))["text"] == "回答 2：几点开门"


async def test_a_slow_answer_cannot_hand_over_and_asks_for_the_wish_once_more(
    connection: Connection,
) -> None:
    async with open_channel(connection, HandingBrain([6.0, 0.0]), human_desk="wechat") as channel:
        phone = await channel.phone()
        await phone.say("人工")
        await phone.wait_for("notice_ask_again", seconds=20)
        await phone.say("人工", wait=True)
        assert "<![CDATA[transfer_customer_service]]>" in await answered(channel, phone)
        result = await channel.settled()
        # The same enquiry: what was asked back is answered by the second wish.
        assert result.reasons["no_answer_needed(handed_to_wechat_desk)"] == 1
        assert result.is_sound
