"""Words wait a moment: they join one another, and can be taken back until they leave."""

import pytest

from bot.conversation import Speaker
from bot.enquiry import Stage
from bot.ledger import audit
from bot.messages import Delivery
from bot.ports import Refusal
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, OpenDesk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
WAIT = 3.0
A, B = "a" * 32, "b" * 32


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """A desk where words wait."""
    return await open_desk(desk_undo_seconds=WAIT)


async def after(desk: Desk, seconds: float) -> None:
    """The worker looks again when time has passed."""
    desk.clock.at += seconds
    await desk.parts.inbox.schedule(OPENID)
    await desk.work()


def said(desk: Desk) -> list[str]:
    """What the follower got of people."""
    return [words for _, words in desk.postbox.sent if "帮您找同事" not in words]


async def test_words_wait_and_leave_together(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("您好", key=A)
    await after(desk, WAIT - 1)
    assert said(desk) == []
    await li.reply("可以修", key=B)
    await after(desk, WAIT - 1)
    assert said(desk) == []
    await after(desk, 1)
    assert said(desk) == ["【小李 为您服务】\n您好\n\n可以修"]


async def test_what_is_taken_back_is_never_sent_and_the_question_is_open_again(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("写错了", key=A)
    assert f'name="key" value="{A}"' in (await li.get(ONE))[1]
    assert (await li.post(f"{ONE}/undo", key=A)).status == 200
    await after(desk, WAIT + 1)
    assert said(desk) == []
    conversation = await desk.parts.conversations.read(OPENID)
    assert conversation.enquiries_at(Stage.ESCALATED)
    _, html = await li.get(ONE)
    assert "已撤回" in html
    await li.reply("这才对", key=B)
    await after(desk, WAIT)
    assert said(desk) == ["【小李 为您服务】\n这才对"]
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    assert audit(entries, desk.clock.now()).outcomes["answered_by_agent"] == 1


async def test_another_reply_answers_what_a_withdrawn_one_was_to_answer(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("写错了", key=A)
    await li.reply("可以修", key=B)
    await li.post(f"{ONE}/undo", key=A)
    await after(desk, WAIT)
    assert said(desk) == ["可以修"]
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    assert audit(entries, desk.clock.now()).outcomes["answered_by_agent"] == 1


async def test_what_has_left_cannot_be_taken_back(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("您好", key=A)
    await after(desk, WAIT)
    refused = await li.post(f"{ONE}/undo", key=A)
    assert refused.status == 409
    assert "收不回" in await refused.text()
    assert "undo" not in (await li.get(ONE))[1].replace("/static/", "")


async def test_what_waits_for_the_next_contact_can_be_taken_back(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    desk.postbox.faults.append(Refusal(45047, "used up", is_used_up=True))
    await li.reply("您好", key=A)
    await after(desk, WAIT)
    held = await desk.parts.conversations.read(OPENID)
    assert [bubble.state for bubble in held.outbox] == [Delivery.HELD]
    assert (await li.post(f"{ONE}/undo", key=A)).status == 200
    await desk.receive(text("还在吗", key="2"))
    assert said(desk) == []


async def test_only_the_holder_takes_back(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await li.post(f"{ONE}/take")
    await li.reply("您好", key=A)
    assert (await wang.post(f"{ONE}/undo", key=A)).status == 409
    await after(desk, WAIT)
    assert said(desk) == ["【小李 为您服务】\n您好"]
    assert (await desk.parts.conversations.read(OPENID)).speaker is Speaker.AGENT


async def test_an_unknown_key_takes_nothing_back(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    for key in ("", "f" * 32):
        assert (await li.post(f"{ONE}/undo", key=key)).status == 409
