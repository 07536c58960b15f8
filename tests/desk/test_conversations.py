"""Taking, replying and closing, from the page to the follower."""

import asyncio

import pytest

from bot.conversation import Speaker
from bot.ledger import audit
from bot.messages import Delivery
from bot.ports import Uncertain
from connectors.desk.guard.accounts import Role
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


async def test_a_waiting_follower_is_listed_with_words_reason_and_time(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了能修吗")
    desk.clock.at += 240
    _, html = await (await desk.browser("li")).get("/desk/")
    for expected in ("拉链坏了能修吗", "机器人没把握", "4 分钟", "is-overdue", ONE):
        assert expected in html


async def test_an_agent_takes_replies_and_closes(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert (await li.post(f"{ONE}/take")).status == 200
    assert (await li.reply("您好，可以修。")).status == 200
    await desk.work()
    # Followers read what the agent is called, not the log-in name.
    assert desk.postbox.sent[-1] == (OPENID, "【小李 为您服务】\n您好，可以修。")
    assert (await li.post(f"{ONE}/close")).status == 200
    conversation = await desk.parts.conversations.read(OPENID)
    assert conversation.speaker is Speaker.BOT
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    assert audit(entries, desk.clock.now()).outcomes["answered_by_agent"] == 1


async def test_the_page_shows_who_spoke_and_what_arrived(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    desk.postbox.faults.append(Uncertain("cut"))
    await li.reply("您好")
    await desk.work()
    _, html = await li.get(ONE)
    for expected in ("line follower", "line notice", "line agent", "小李 开始接待"):
        assert expected in html
    assert "不确定是否送达" in html
    assert "门店营业时间 · 90%" in html


async def test_of_fifty_takers_one_wins_and_the_others_are_told_who(desk: Desk) -> None:
    await desk.somebody_waits()
    browsers = [await desk.browser(name) for name in ("li", "wang")]
    tokens = [await browser.token() for browser in browsers]

    async def take(number: int) -> tuple[int, str]:
        client, token = browsers[number % 2].client, tokens[number % 2]
        async with client.post(
            f"{ONE}/take", data={"csrf": token}, headers={"Accept": "text/plain"}
        ) as answered:
            return answered.status, await answered.text()

    answers = await asyncio.gather(*(take(number) for number in range(50)))
    winner = (await desk.parts.conversations.read(OPENID)).agent
    # The winner's own further clicks are no fault; each of the other agent's says who has it.
    assert sorted(status for status, _ in answers) == [200] * 25 + [409] * 25
    shown = {"li": "小李", "wang": "王芳"}[str(winner)]
    assert {told for status, told in answers if status == 409} == {f"{shown} 已经接待了这位顾客。"}
    lines = await desk.parts.conversations.transcript(OPENID)
    assert sum(each.line.kind == "taken" for each in lines) == 1


async def test_a_reply_sent_twice_is_said_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    for _ in range(2):
        assert (await li.reply("您好", key="a" * 32)).status == 200
    await li.reply("还在吗", key="b" * 32)
    await desk.work()
    assert [words for _, words in desk.postbox.sent[-1:]] == ["【小李 为您服务】\n您好\n\n还在吗"]


async def test_a_reply_sent_twice_at_the_same_moment_is_said_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    answered = await asyncio.gather(*(li.reply("您好", key="a" * 32) for _ in range(8)))
    assert {each.status for each in answered} == {200}
    bubbles = (await desk.parts.conversations.read(OPENID)).bubbles(Delivery.QUEUED)
    assert [each.text for each in bubbles if each.author == "agent"] == ["【小李 为您服务】\n您好"]


async def test_a_reply_that_was_said_is_not_refused_when_it_comes_again_late(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("您好", key="a" * 32)
    await li.post(f"{ONE}/close")
    assert (await li.reply("您好", key="a" * 32)).status == 200
    assert (await li.reply("还在吗", key="b" * 32)).status == 409


@pytest.mark.parametrize(
    ("words", "status"), [("", 422), ("   ", 422), ("长" * 2001, 422), ("好" * 2000, 200)]
)
async def test_a_reply_has_a_length(desk: Desk, words: str, status: int) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    assert (await li.reply(words)).status == status


async def test_only_the_holder_replies_and_closes(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    refused = await li.reply("您好")
    assert refused.status == 409
    assert "请先接待" in await refused.text()
    await wang.post(f"{ONE}/take")
    for answered in (await li.reply("您好"), await li.post(f"{ONE}/close")):
        assert answered.status == 409
        assert "王芳" in await answered.text()


async def test_who_has_left_the_queue_cannot_be_taken(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await desk.receive(text("取消", key="2"))
    refused = await li.post(f"{ONE}/take")
    assert refused.status == 409
    assert "不等人工" in await refused.text()


async def test_an_unknown_follower_is_a_friendly_404(desk: Desk) -> None:
    li = await desk.browser("li")
    status, html = await li.get("/desk/conversations/oNobody")
    assert status == 404
    assert "没有这个页面或会话" in html
    assert "回到客服台" in html
    assert (await li.post("/desk/conversations/oNobody/take")).status == 404
    assert (await desk.parts.conversations.read("oNobody")).version == 0


async def test_hostile_words_are_shown_as_words(desk: Desk) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
    await desk.somebody_waits(hostile)
    li = await desk.browser("li")
    for path in ("/desk/", ONE):
        _, html = await li.get(path)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert "{{7*7}}" in html


async def test_five_thousand_characters_and_emoji_alone_are_shown(desk: Desk) -> None:
    await desk.somebody_waits("很" * 5000)
    await desk.somebody_waits("😀", openid="oEmoji")
    li = await desk.browser("li")
    assert "很" * 5000 in (await li.get(ONE))[1]
    assert "😀" in (await li.get("/desk/conversations/oEmoji"))[1]


async def test_the_meter_counts_down_and_warns_before_the_last(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    for number in range(8):
        left = (await desk.parts.conversations.read(OPENID)).allowance.remaining(desk.clock.now())
        _, html = await li.get(ONE)
        assert html.count('class="is-left"') == left
        assert ("这是能发的最后一条" in html) == (left == 1)
        if not left:
            break
        await li.reply(f"第 {number} 句", key=f"{number:032x}")
        await desk.work()
    assert "微信窗口已关闭" in html


async def test_an_account_can_be_named_anything_and_is_shown_as_words(desk: Desk) -> None:
    await desk.accounts.add("eve", "<b>Eve</b>", Role.AGENT, PASSWORD)
    await desk.somebody_waits()
    eve = await desk.browser("eve")
    await eve.post(f"{ONE}/take")
    _, html = await (await desk.browser("li")).get(ONE)
    assert "&lt;b&gt;Eve&lt;/b&gt;" in html


async def test_an_account_that_is_gone_keeps_its_name_in_transcripts(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await desk.parts.connection.redis.hdel("bida:desk:agents", "li")
    _, html = await (await desk.browser("wang")).get(ONE)
    assert "li 开始接待" in html
