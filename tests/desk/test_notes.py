"""Notes between colleagues: seen by them, never by the follower; and whom they call."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from connectors.desk.followers import Follower, Followers
from connectors.desk.guard.accounts import Role
from connectors.desk.pages.writing import mentioned
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk
from tests.desk.test_roles import with_one_of_each_role
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
SECRET = "这位顾客上次退货有纠纷"


async def test_a_note_is_never_sent(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert (await li.post(f"{ONE}/note", text=SECRET)).status == 200
    await li.post(f"{ONE}/take")
    await li.post(f"{ONE}/note", text=SECRET)
    await li.reply("您好")
    await desk.work()
    # Neither with a message of its own nor with the reply to the follower's next one.
    await desk.receive(text("在吗", key="2"))
    await li.post(f"{ONE}/close")
    await desk.work()
    conversation = await desk.parts.conversations.read(OPENID)
    assert SECRET not in str(desk.postbox.sent) + str(conversation.outbox)
    assert SECRET not in str([asked.text for asked in desk.brain.asked])
    exchanges = await desk.parts.connection.redis.keys("*exchange:*")
    for key in exchanges:
        assert SECRET not in str(await desk.parts.connection.redis.hgetall(key))


async def test_a_note_stands_in_the_transcript_in_its_own_colour(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await wang.post(f"{ONE}/note", text="<script>alert(1)</script>")
    _, html = await li.get(ONE)
    assert 'class="line note"' in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


async def test_who_is_called_sees_it_until_the_conversation_is_looked_at(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await li.post(f"{ONE}/note", text="@王芳 请看一下")
    assert f'href="{ONE}"' in (await wang.get("/desk/mentions"))[1]
    assert ONE not in (await li.get("/desk/mentions"))[1]
    await wang.post(f"{ONE}/viewing")
    assert ONE not in (await wang.get("/desk/mentions"))[1]


async def test_only_who_may_look_is_called(desk: Desk) -> None:
    await desk.somebody_waits()
    await with_one_of_each_role(desk)
    li = await desk.browser("li")
    html = (await li.get(ONE))[1]
    assert 'data-name="supervisor"' in html
    assert 'data-name="trainer"' not in html
    await li.post(f"{ONE}/note", text="@trainer @王芳 请看一下")
    assert await mentions(desk) == {f"{OPENID} wang"}
    # Who trains from now on could not look the call away.
    wang = await desk.browser("wang")
    await desk.accounts.change("wang", lambda at: replace(at, role=Role.TRAINER))
    assert ONE not in (await wang.get("/desk/mentions"))[1]


async def test_a_call_goes_with_its_conversation_and_with_its_account(desk: Desk) -> None:
    for openid in (OPENID, "oOther"):
        await desk.somebody_waits(openid=openid)
    li, wang, chen = (
        await desk.browser("li"),
        await desk.browser("wang"),
        await desk.browser("chen"),
    )
    for openid in (OPENID, "oOther"):
        await li.post(f"/desk/conversations/{openid}/note", text="@王芳 @陈主管 请看一下")
    # The conversation's life ends by itself.
    await desk.parts.connection.redis.delete(desk.parts.conversations.keys.conversation("oOther"))
    html = (await wang.get("/desk/mentions"))[1]
    assert ONE in html
    assert "oOther" not in html
    assert await mentions(desk) == {f"{OPENID} wang", f"{OPENID} chen", "oOther chen"}
    assert (await chen.post("/desk/people/wang/remove")).status == 303
    assert await mentions(desk) == {f"{OPENID} chen", "oOther chen"}


async def mentions(desk: Desk) -> set[str]:
    """The calls that nobody has looked away."""
    return set(await desk.parts.connection.redis.hkeys(desk.parts.conversations.keys.mentions()))


def test_names_within_names_are_told_apart() -> None:
    shown = {"wang": "王芳", "wf": "王芳芳", "li": "小李"}
    assert mentioned("@王芳芳 看看", shown) == ["wf"]
    assert mentioned("@王芳 @LI 看看", shown) == ["li", "wang"]
    assert mentioned("王芳 li@example.com", {"wang": "王芳"}) == []


async def test_notes_and_calls_are_forgotten_with_the_follower(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/note", text=f"@王芳 {SECRET}")
    await li.post(f"{ONE}/tags", tag="老客")
    await li.post(f"{ONE}/viewing")
    await desk.parts.engine.forgetting.on_request(OPENID)
    redis = desk.parts.connection.redis
    for kind in ("mentions", "tags", "viewers", "transcript"):
        assert await redis.keys(f"*{kind}*") == []


async def test_a_note_brings_nobody_back_who_is_forgotten_in_this_moment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.somebody_waits()
    li, known = await desk.browser("li"), Followers.known

    async def known_a_moment_ago(followers: Followers, follower: Follower) -> Conversation:
        conversation = await known(followers, follower)
        await desk.parts.engine.forgetting.on_request(OPENID)
        return conversation

    monkeypatch.setattr(Followers, "known", known_a_moment_ago)
    assert (await li.post(f"{ONE}/note", text=f"@王芳 {SECRET}")).status == 410
    assert not (await desk.parts.conversations.read(OPENID)).version
    assert await desk.parts.conversations.transcript(OPENID) == []
    assert await desk.parts.connection.redis.keys("*mentions*") == []


async def test_a_note_has_a_length(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    for words in ("", "  ", "长" * 2001):
        assert (await li.post(f"{ONE}/note", text=words)).status == 422
