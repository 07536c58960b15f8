"""Who has a conversation: claims, transfers, stepping in; and what each refusal says."""

from dataclasses import replace

import pytest

from bot.conversation import Speaker
from bot.desk.presence import State
from bot.desk.teams import Team
from bot.enquiry import Stage
from bot.ledger import audit
from connectors.store.desk.presence import Presence
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
BEIJING = Team("beijing", "北京门店", "Beijing", subjects=("store_hours",))


async def with_teams(desk: Desk, *teams: Team) -> None:
    """Teams as the supervisor has made them."""
    for team in teams:
        await TeamShelf(desk.parts.connection.redis).put(team)
    await desk.parts.reception.refresh()


async def changed(desk: Desk, name: str, **fields: object) -> None:
    """An account with other fields."""
    await desk.accounts.change(name, lambda agent: replace(agent, **fields))  # type: ignore[arg-type]


async def supervisor(desk: Desk) -> Browser:
    """A supervisor's browser, who is called 陈主管."""
    return await desk.browser("chen")


async def taken(desk: Desk) -> tuple[Browser, Browser]:
    """小李 has the follower, 王芳 is there too."""
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    assert (await li.post(f"{ONE}/take")).status == 200
    await wang.get("/desk/")
    return li, wang


async def is_sound(desk: Desk) -> bool:
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    return audit(entries, desk.clock.now()).is_sound


async def test_a_transfer_says_why_and_costs_the_follower_nothing(desk: Desk) -> None:
    li, wang = await taken(desk)
    await li.reply("您好，我问一下同事。")
    await desk.work()
    sent = len(desk.postbox.sent)
    passed = await li.post(f"{ONE}/transfer", to="agent:wang", why="她懂维修")
    assert passed.status == 200
    await desk.work()
    assert len(desk.postbox.sent) == sent
    assert "小李 转给 王芳：她懂维修" in (await wang.get(ONE))[1]
    assert (await wang.reply("可以修。", key="b" * 32)).status == 200
    await desk.work()
    assert desk.postbox.sent[-1] == (OPENID, "【王芳 为您服务】\n可以修。")
    refused = await li.reply("还在吗", key="c" * 32)
    assert refused.status == 409
    assert "王芳" in await refused.text()
    assert await is_sound(desk)


async def test_a_transfer_to_a_team_puts_the_follower_back_with_the_deadline(desk: Desk) -> None:
    await with_teams(desk, replace(BEIJING, subjects=("elsewhere",)))
    li, _ = await taken(desk)
    before = await desk.parts.conversations.read(OPENID)
    desk.clock.at += 60
    assert (await li.post(f"{ONE}/transfer", to="team:beijing", why="要到店里看")).status == 200
    after = await desk.parts.conversations.read(OPENID)
    assert (after.speaker, after.team, after.agent) == (Speaker.WAITING, "beijing", None)
    assert after.due_at <= before.due_at
    assert "小李 转给“北京门店”：要到店里看" in (await li.get(ONE))[1]


async def test_what_is_passed_on_after_an_answer_still_wants_a_word(desk: Desk) -> None:
    li, _ = await taken(desk)
    await li.reply("您好")
    await desk.work()
    assert (await li.post(f"{ONE}/transfer", to="team:all", why="请晚班回电")).status == 200
    # The worker comes by, and the follower still waits.
    desk.clock.at += 60
    await desk.parts.inbox.schedule(OPENID)
    await desk.work()
    conversation = await desk.parts.conversations.read(OPENID)
    assert conversation.speaker is Speaker.WAITING
    assert conversation.enquiries_at(Stage.ESCALATED)
    assert await is_sound(desk)


async def test_back_to_the_bot_is_silent_and_settles_what_was_open(desk: Desk) -> None:
    li, _ = await taken(desk)
    sent = len(desk.postbox.sent)
    assert (await li.post(f"{ONE}/transfer", to="bot", why="只是闲聊")).status == 200
    await desk.work()
    assert len(desk.postbox.sent) == sent
    conversation = await desk.parts.conversations.read(OPENID)
    assert conversation.speaker is Speaker.BOT
    assert not conversation.is_queued
    asked = len(desk.brain.asked)
    await desk.receive(text("几点开门", key="next"))
    assert len(desk.brain.asked) == asked + 1
    assert await is_sound(desk)


@pytest.mark.parametrize(
    ("to", "why", "status", "sentence"),
    [
        ("agent:wang", "", 422, "请写一句原因"),
        ("agent:wang", "长" * 201, 422, "请写一句原因"),
        ("agent:nobody", "试试", 422, "没有这个可以接待的账号"),
        ("team:nobody", "试试", 422, "没有这个团队"),
        ("", "试试", 422, "请选择转给谁"),
    ],
)
async def test_a_transfer_that_makes_no_sense_is_refused_in_words(
    desk: Desk, to: str, why: str, status: int, sentence: str
) -> None:
    li, _ = await taken(desk)
    refused = await li.post(f"{ONE}/transfer", to=to, why=why)
    assert refused.status == status
    assert sentence in await refused.text()
    assert (await desk.parts.conversations.read(OPENID)).agent == "li"


async def test_nobody_is_given_a_conversation_who_is_not_there(desk: Desk) -> None:
    li, wang = await taken(desk)
    await wang.post("/desk/presence", state="away")
    refused = await li.post(f"{ONE}/transfer", to="agent:wang", why="她懂维修")
    assert refused.status == 409
    assert "王芳 现在离开" in await refused.text()
    await wang.post("/desk/logout")
    refused = await li.post(f"{ONE}/transfer", to="agent:wang", why="她懂维修")
    assert "王芳 现在离线" in await refused.text()


async def test_only_the_holder_and_those_who_lead_pass_on(desk: Desk) -> None:
    _, wang = await taken(desk)
    refused = await wang.post(f"{ONE}/transfer", to="agent:wang", why="给我")
    assert refused.status == 409
    assert "小李 已经接待了这位顾客" in await refused.text()
    chen = await supervisor(desk)
    assert (await chen.post(f"{ONE}/transfer", to="agent:wang", why="小李太忙")).status == 200
    assert (await desk.parts.conversations.read(OPENID)).agent == "wang"
    assert "陈主管 转给 王芳：小李太忙" in (await wang.get(ONE))[1]


async def test_a_supervisor_assigns_who_waits(desk: Desk) -> None:
    await desk.somebody_waits()
    chen, wang = await supervisor(desk), await desk.browser("wang")
    await wang.get("/desk/")
    assert (await chen.post(f"{ONE}/transfer", to="agent:wang", why="老顾客")).status == 200
    assert (await desk.parts.conversations.read(OPENID)).agent == "wang"


async def test_a_supervisor_steps_in_and_the_follower_reads_a_new_name(desk: Desk) -> None:
    li, _ = await taken(desk)
    await li.reply("您好")
    chen = await supervisor(desk)
    assert 'id="step-in"' in (await chen.get(ONE))[1]
    assert 'id="step-in"' not in (await (await desk.browser("wang")).get(ONE))[1]
    assert (await chen.post(f"{ONE}/step-in")).status == 200
    assert "陈主管 从 小李 手上接过会话" in (await li.get(ONE))[1]
    await chen.reply("我来处理。", key="d" * 32)
    await desk.work()
    assert desk.postbox.sent[-1][1].endswith("【陈主管 为您服务】\n我来处理。")
    assert await is_sound(desk)


async def test_only_the_teams_people_take_and_others_are_told_so(desk: Desk) -> None:
    await with_teams(desk, BEIJING)
    await changed(desk, "wang", teams=("beijing",))
    await desk.somebody_waits()
    assert (await desk.parts.conversations.read(OPENID)).team == "beijing"
    li, wang = await desk.browser("li"), await desk.browser("wang")
    assert "data-of-others" in (await li.get("/desk/lists"))[1]
    assert "data-of-others" not in (await wang.get("/desk/lists"))[1]
    refused = await li.post(f"{ONE}/take")
    assert refused.status == 409
    assert "这是“北京门店”的会话，您不在这个团队" in await refused.text()
    assert (await wang.post(f"{ONE}/take")).status == 200
    assert "王芳 已经接待了这位顾客" in await (await li.post(f"{ONE}/take")).text()


async def test_a_team_without_people_is_everybodys(desk: Desk) -> None:
    await with_teams(desk, BEIJING)
    await desk.somebody_waits()
    assert (await (await desk.browser("li")).post(f"{ONE}/take")).status == 200


async def test_those_who_lead_take_from_every_team(desk: Desk) -> None:
    await with_teams(desk, BEIJING)
    await changed(desk, "wang", teams=("beijing",))
    await desk.somebody_waits()
    assert (await (await supervisor(desk)).post(f"{ONE}/take")).status == 200


async def test_the_dialog_shows_presence_load_and_hours(desk: Desk) -> None:
    await with_teams(desk, replace(BEIJING, week=((),) * 7))
    li, wang = await taken(desk)
    await wang.post("/desk/presence", state="busy")
    _, html = await li.get(f"{ONE}/transfer")
    for expected in ('value="agent:wang"', "忙碌", "0 / 5 个会话", "北京门店", "不在岗", ">在岗<"):
        assert expected in html
    # Nobody is offered to pass it on to themselves; associates are for those who lead.
    assert 'value="agent:li"' not in html
    assert 'class="associate-form"' not in html
    assert 'class="associate-form"' in (await (await supervisor(desk)).get(f"{ONE}/transfer"))[1]


async def test_an_associate_is_kept_beyond_the_end(desk: Desk) -> None:
    li, wang = await taken(desk)
    await li.post(f"{ONE}/transfer", to="agent:wang", why="老顾客", associate="yes")
    await wang.post(f"{ONE}/close")
    await desk.work()
    conversation = await desk.parts.conversations.read(OPENID)
    assert (conversation.speaker, conversation.associate) == (Speaker.BOT, "wang")
    chen = await supervisor(desk)
    assert (await chen.post(f"{ONE}/associate", associate="nobody")).status == 422
    assert (await chen.post(f"{ONE}/associate", associate="li")).status == 200
    assert (await desk.parts.conversations.read(OPENID)).associate == "li"
    assert (await chen.post(f"{ONE}/associate", associate="")).status == 200
    assert (await desk.parts.conversations.read(OPENID)).associate == ""


async def test_presence_is_read_by_all(desk: Desk) -> None:
    await taken(desk)
    limit = desk.parts.settings.agent_offline_seconds
    presence = Presence(desk.parts.connection.redis, desk.clock, limit)
    assert await presence.all() == {"li": State.AVAILABLE, "wang": State.AVAILABLE}
