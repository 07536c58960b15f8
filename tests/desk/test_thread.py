"""What the page of a conversation tells: reasons in words, hostile words, earlier lines, the panel, an end."""

from dataclasses import replace

import pytest

from bot.messages import Line
from bot.ports import Refusal
from connectors.desk.views.past import past
from connectors.desk.views.times import Times
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


@pytest.mark.parametrize(
    ("refusal", "state", "words"),
    [
        (Refusal(45015, "x", is_used_up=True), "等顾客下次来消息", "超过 48 小时没有联系"),
        (Refusal(45047, "x", is_used_up=True), "等顾客下次来消息", "条数用完了"),
        (Refusal(43004, "x", is_final=True), "微信拒绝发送", "没有关注公众号"),
        (Refusal(40013, "x"), "等顾客下次来消息", "微信代码 40013"),
    ],
)
async def test_a_refused_message_says_why(
    desk: Desk, refusal: Refusal, state: str, words: str
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    desk.postbox.faults.append(refusal)
    await li.reply("您好")
    await desk.work()
    _, html = await li.get(ONE)
    assert state in html
    assert words in html


async def test_a_reason_is_gone_once_the_message_has_arrived(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    desk.postbox.faults.append(Refusal(45047, "x", is_used_up=True))
    await li.reply("您好")
    await desk.work()
    await desk.receive(text("在吗", key="2"))
    _, html = await li.get(ONE)
    assert "45047" not in html


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "长" * 5000,
        "😀👨‍👩‍👧‍👦🏳️‍🌈",
        '"><img src=x onerror=alert(1)>',
    ],
)
async def test_a_followers_words_are_only_words(desk: Desk, words: str) -> None:
    await desk.somebody_waits(words)
    li = await desk.browser("li")
    status, html = await li.get(ONE)
    assert status == 200
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'class="bubble" dir="auto"' in html


async def test_what_the_brain_made_of_the_words_is_said_in_words(desk: Desk) -> None:
    told = {"candidates": ("store_hours", "invoice"), "entities": (("city", "shanghai"),)}
    desk.brain.turns = [replace(desk.brain.turns[0], **told)]  # type: ignore[arg-type]
    await desk.somebody_waits("上海几点开")
    zh = await (await desk.browser("li")).get(ONE)
    assert "门店营业时间 · 90% · 城市 上海 · 也可能：" in zh[1]


async def test_of_what_is_sure_nothing_else_is_supposed(desk: Desk) -> None:
    told = {"candidates": ("store_hours", "invoice"), "confidence": 0.97}
    desk.brain.turns = [replace(desk.brain.turns[0], **told)]  # type: ignore[arg-type]
    await desk.somebody_waits("上海几点开")
    _, html = await (await desk.browser("li")).get(ONE)
    assert "97%" in html
    assert "也可能" not in html


async def test_long_transcripts_begin_with_the_last_hundred_lines(desk: Desk) -> None:
    await desk.somebody_waits("第一句")
    await desk.parts.engine.apply(OPENID, lambda at: _with_notes(at, 150))
    li = await desk.browser("li")
    _, html = await li.get(ONE)
    assert "备注 149" in html
    assert "第一句" not in html.split("<ol")[1]
    assert 'data-lines="200"' in html
    _, html = await li.get(f"{ONE}/thread", params={"lines": "200"})
    assert "第一句" in html
    assert 'id="earlier"' not in html


def _with_notes(conversation, count: int):  # type: ignore[no-untyped-def]
    from bot.change import Change

    change = Change(replace(conversation, serial=conversation.serial + 1))
    for number in range(count):
        change = change.noted(Line(conversation.since, "note", f"备注 {number}", "note"))
    return change


async def test_the_panel_tells_what_is_known_of_the_follower(desk: Desk) -> None:
    at = desk.clock.at
    follow = replace(text("", key="0"), kind="event", event="subscribe", event_key="qrscene_till-7")
    await desk.receive(follow)
    desk.clock.at = at + 2 * 86400
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert (await li.post(f"{ONE}/tags", tag=" 老客  <b> ")).status == 200
    _, html = await li.get(f"{ONE}/profile")
    for expected in ("till-7", "简体中文", "老客 &lt;b&gt;"):
        assert expected in html
    await li.post(f"{ONE}/tags/remove", tag="老客 <b>")
    assert "老客" not in (await li.get(f"{ONE}/profile"))[1]


async def test_tags_are_few_and_short(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    for tag in ("", "长" * 21):
        assert (await li.post(f"{ONE}/tags", tag=tag)).status == 422
    statuses = [(await li.post(f"{ONE}/tags", tag=str(number))).status for number in range(13)]
    assert statuses == [200] * 12 + [422]


async def test_a_member_system_that_is_silent_holds_up_nothing(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert "没有绑定会员" in (await li.get(f"{ONE}/member"))[1]


def test_earlier_enquiries_say_when_what_and_who_answered() -> None:
    day = 86400.0
    lines = [
        Line(1 * day, "follower", "包能修吗"),
        Line(1 * day, "bot", "可以"),
        Line(2 * day, "follower", "", "subscribe"),
        Line(3 * day, "follower", "退货"),
        Line(3 * day, "agent", "好的", details={"agent": "li"}),
        Line(4 * day, "follower", "在吗"),
        Line(9 * day, "follower", "今天的"),
    ]
    found = past(lines, Times("zh", 9 * day + 60), {"li": "小李"})
    assert [(each.words, each.outcome) for each in found] == [
        ("在吗", "未答复"),
        ("退货", "小李 答复"),
        ("包能修吗", "机器人答复"),
    ]


async def test_a_forgotten_followers_page_has_nothing_left(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了")
    li = await desk.browser("li")
    assert "已按要求全部删除" in (await li.get(ONE))[1]
    await desk.parts.engine.forgetting.on_request(OPENID)
    for path in ("", "/thread", "/profile", "/member", "/suggestions", "/canned"):
        status, html = await li.get(f"{ONE}{path}")
        assert status in (404, 410)
        assert "拉链" not in html
