"""Alerts that go out: what is decided, by which way, how often, and what happens when a receiver will not."""

import asyncio
import json
from typing import Any

import pytest
import structlog
from redis.asyncio import Redis

from bot import handling
from bot.conversation import Conversation
from bot.desk.reception import WINDOW_MARGIN_SECONDS
from bot.desk.teams import Team
from connectors.alerts.post import RETRY_SECONDS
from connectors.alerts.running import Alerting
from connectors.alerts.wecom import MARKDOWN_BYTES, PER_MINUTE, markdown
from connectors.desk.guard.access import page_after_login
from connectors.settings import SettingsError, load_settings
from connectors.store.desk.letters import Letter, Letters
from connectors.store.desk.teams import TeamShelf
from connectors.store.keys import ALERT_LETTERS, ALERTS_DUE, ALERTS_LEASE
from connectors.tasks import end
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, OpenDesk
from tests.desk.receivers import post_office, robot

pytestmark = SESSION_LIBRARY

MAIL = {
    "alert_mail_to": "duty@example.com",
    "smtp_host": "127.0.0.1",
    "smtp_from": "bida@example.com",
}


async def looked(desk: Desk) -> Alerting:
    """One look of a worker process, and everything that it sends."""
    await desk.parts.reception.refresh()
    alerting = Alerting.over([desk.parts])
    await alerting.step()
    await alerting.post.finish()
    await alerting.lease.let_go()
    return alerting


async def letters_left(desk: Desk) -> int:
    """How many alerts are still to be sent."""
    return int(await desk.parts.connection.redis.hlen(ALERT_LETTERS))


async def test_a_robot_tells_who_waits_once_without_words_or_openids(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url, public_url="https://desk.example")
        await desk.somebody_waits("我的包坏了，电话 13800138000")
        await looked(desk)
        await looked(desk)
        assert len(heard.heard) == 1
        told = heard.heard[0]
        assert "1 位顾客在等人工" in told
        assert "机器人没把握" in told
        # One conversation is led to, by its alias; whoever is logged out comes there after the log-in.
        alias = (await desk.parts.conversations.read(OPENID)).alias
        path = f"/desk/by/{desk.parts.settings.wechat_app_id}/{alias}"
        assert f"[打开会话](https://desk.example{path})" in told
        assert page_after_login(path) == path
        assert OPENID not in told
        assert "包" not in told
        assert "13800138000" not in told
        assert await letters_left(desk) == 0


async def test_many_at_once_are_one_alert_with_a_count(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url, public_url="https://desk.example")
        for number in range(3):
            await desk.somebody_waits(openid=f"o{number}")
        await looked(desk)
        for number in range(3, 7):
            await desk.somebody_waits(openid=f"o{number}")
        await looked(desk)
        assert [each.split("**")[1] for each in heard.heard] == ["3 位顾客在等人工"]
        assert "[打开客服台](https://desk.example/desk/)" in heard.heard[0]
        desk.clock.at += 5 * 60
        await looked(desk)
        waiting = [each for each in heard.heard if "在等人工" in each]
        assert [each.split("**")[1] for each in waiting] == ["3 位顾客在等人工", "4 位顾客在等人工"]


async def test_a_promise_that_is_nearly_broken_is_told_before_it_is(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url, alert_sla_seconds=60)
        await desk.somebody_waits()
        desk.clock.at += 100
        await looked(desk)
        assert not [each for each in heard.heard if "超时" in each]
        desk.clock.at += 30
        await looked(desk)
        await looked(desk)
        assert len([each for each in heard.heard if "1 个会话快要超时" in each]) == 1


async def test_a_window_that_closes_without_a_person_is_told(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        desk.clock.at += 48 * 3600 - WINDOW_MARGIN_SECONDS + 1
        await desk.parts.inbox.schedule(OPENID)
        await desk.work()
        await looked(desk)
        assert len([each for each in heard.heard if "48 小时窗口快关了" in each]) == 1


async def test_whoever_was_answered_is_no_alert(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        now = desk.clock.now()
        await desk.parts.engine.apply(OPENID, lambda at: handling.take(at, "li", now))

        def replied(at: Conversation) -> Any:
            return handling.reply(at, "li", "可以", desk.parts.answers, now)

        await desk.parts.engine.apply(OPENID, replied)
        desk.clock.at += 3600
        await looked(desk)
        assert heard.heard == []


async def test_a_team_has_its_own_robot_and_addresses(open_desk: OpenDesk) -> None:
    async with robot() as heard, post_office() as office:
        desk = await open_desk(
            alert_wecom_url=heard.url, smtp_port=office.port, smtp_security="none", **MAIL
        )
        own = Team("all", "上海店", wecom_url=f"{heard.url}-OF-TEAM", mail_to=("shop@example.com",))
        await TeamShelf(desk.parts.connection.redis).put(own)
        await desk.somebody_waits()
        await looked(desk)
        assert len(heard.heard) == 1
        assert "上海店" in heard.heard[0]
        assert [to for to, _ in office.mails] == [["shop@example.com"]]


async def test_a_teams_robot_may_not_lead_into_our_own_network(open_desk: OpenDesk) -> None:
    async with robot() as heard, robot() as inner:
        desk = await open_desk(alert_wecom_url=heard.url)
        await TeamShelf(desk.parts.connection.redis).put(Team("all", "客服", wecom_url=inner.url))
        await desk.somebody_waits()
        await looked(desk)
        assert inner.tries == 0
        assert len(heard.heard) == 1


async def test_without_receivers_nothing_is_decided(desk: Desk) -> None:
    await desk.somebody_waits()
    await looked(desk)
    assert await desk.parts.connection.redis.keys("bida:*alert*") == []


@pytest.mark.parametrize("answer", ["broken", -1])
async def test_a_robot_that_fails_is_asked_again(open_desk: OpenDesk, answer: int | str) -> None:
    async with robot() as heard:
        heard.answers = [answer]
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        await looked(desk)
        await looked(desk)
        assert (heard.tries, heard.heard) == (1, [])
        desk.clock.at += RETRY_SECONDS[0]
        await looked(desk)
        assert len(heard.heard) == 1
        assert await letters_left(desk) == 0


async def test_a_robot_that_says_too_fast_gets_its_minute(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        heard.answers = [45009]
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        await looked(desk)
        desk.clock.at += 59
        await looked(desk)
        assert heard.tries == 1
        desk.clock.at += 2
        await looked(desk)
        assert len([each for each in heard.heard if "在等人工" in each]) == 1


async def test_no_more_than_twenty_messages_a_minute_reach_a_robot(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        redis = desk.parts.connection.redis
        letters = [Letter("wecom", "", f"第 {number} 条") for number in range(PER_MINUTE + 5)]
        await posted(redis, letters, desk.clock.now())
        for _ in range(3):
            await looked(desk)
        assert heard.tries == PER_MINUTE
        # The others were not tried, lost nothing by it, and wait for the next minute.
        left = [json.loads(each) for each in await redis.hvals(ALERT_LETTERS)]
        assert len(left) == 5
        assert all("attempts" not in each for each in left)
        assert await redis.zcount(ALERTS_DUE, "-inf", desk.clock.now()) == 0


async def posted(redis: "Redis", letters: list[Letter], now: float) -> None:
    """Put letters into the queue."""
    pipe = redis.pipeline(transaction=True)
    Letters(redis).post(pipe, letters, now)
    await pipe.execute()


async def test_a_refused_robot_is_given_up_and_its_key_stays_out_of_the_log(
    open_desk: OpenDesk,
) -> None:
    async with robot() as heard:
        heard.answers = [93000]
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        with structlog.testing.capture_logs() as logs:
            await looked(desk)
        assert await letters_left(desk) == 0
        assert [each["why"] for each in logs if each["event"] == "alert.refused"] == [
            "errcode 93000"
        ]
        assert "TOP-SECRET" not in str(logs)


async def test_an_unreachable_robot_tells_the_log_no_key(open_desk: OpenDesk) -> None:
    desk = await open_desk(alert_wecom_url="http://127.0.0.1:9/send?key=TOP-SECRET-KEY")
    await desk.somebody_waits()
    with structlog.testing.capture_logs() as logs:
        await looked(desk)
    assert await letters_left(desk) == 1
    assert "TOP-SECRET" not in str(logs)
    assert "TOP-SECRET" not in repr(desk.parts.settings)
    kept = await desk.parts.connection.redis.hvals(ALERT_LETTERS)
    assert "TOP-SECRET" not in str(kept)


async def test_a_robot_that_hangs_keeps_no_mail_from_going(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with robot() as heard, post_office() as office:
        heard.answers = ["hang"]
        desk = await open_desk(
            alert_wecom_url=heard.url, smtp_port=office.port, smtp_security="none", **MAIL
        )
        await desk.somebody_waits()
        alerting = Alerting.over([desk.parts])
        await alerting.step()
        await heard.asked.wait()
        async with asyncio.timeout(10):
            while not office.mails:
                await asyncio.sleep(0.02)
        # The process ends with the robot still silent: its letter is not lost.
        await alerting.post.close()
        await alerting.lease.let_go()
        assert await letters_left(desk) == 1
        await looked(desk)
        assert len(heard.heard) == 1
        assert len(office.mails) == 1


async def test_what_is_decided_survives_a_restart_and_goes_out_once(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        dying = Alerting.over([desk.parts])
        await dying.alerts.step(
            {desk.parts.settings.wechat_app_id: await desk.parts.conversations.listed()}
        )
        assert await letters_left(desk) == 1
        await looked(desk)
        await looked(desk)
        assert len(heard.heard) == 1


async def test_of_several_processes_one_decides_and_another_follows_when_it_dies(
    open_desk: OpenDesk,
) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        one, other = Alerting.over([desk.parts]), Alerting.over([desk.parts])
        await asyncio.gather(one.step(), other.step())
        await asyncio.gather(one.post.finish(), other.post.finish())
        assert len(heard.heard) == 1
        assert 0 < await desk.parts.connection.redis.pttl(ALERTS_LEASE) <= 20_000
        await desk.parts.connection.redis.delete(ALERTS_LEASE)
        assert await other.lease.is_ours()
        assert not await one.lease.is_ours()


async def test_a_mail_is_plain_and_says_where_to_go(open_desk: OpenDesk) -> None:
    async with post_office() as office:
        desk = await open_desk(
            smtp_port=office.port, smtp_security="none", public_url="https://desk.example", **MAIL
        )
        await desk.somebody_waits("包坏了")
        await looked(desk)
        ((to, mail),) = office.mails
        assert to == ["duty@example.com"]
        assert mail["Subject"] == "1 位顾客在等人工"
        assert mail["Auto-Submitted"] == "auto-generated"
        body = mail.get_content()
        assert "https://desk.example/desk/by/" in body
        assert "包" not in body
        assert OPENID not in body


@pytest.mark.parametrize(("answer", "is_kept"), [("451 later", True), ("550 never", False)])
async def test_a_mail_that_is_refused_is_tried_again_only_if_that_may_help(
    open_desk: OpenDesk, answer: str, is_kept: bool
) -> None:
    async with post_office() as office:
        office.answers = [answer]
        desk = await open_desk(smtp_port=office.port, smtp_security="none", **MAIL)
        await desk.somebody_waits()
        await looked(desk)
        assert bool(await letters_left(desk)) is is_kept
        desk.clock.at += RETRY_SECONDS[0]
        await looked(desk)
        assert len([each for each in office.mails if "在等人工" in each[1]["Subject"]]) == is_kept


async def test_a_mail_server_that_hangs_is_left_in_time(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.alerts.mail.ANSWER_SECONDS", 0.2)
    async with post_office() as office:
        office.answers = ["hang"]
        desk = await open_desk(smtp_port=office.port, smtp_security="none", **MAIL)
        await desk.somebody_waits()
        await looked(desk)
        assert (office.tries, await letters_left(desk)) == (1, 1)


async def test_mail_never_goes_over_an_open_line_where_starttls_is_wanted(
    open_desk: OpenDesk,
) -> None:
    async with post_office() as office:
        desk = await open_desk(smtp_port=office.port, smtp_security="starttls", **MAIL)
        await desk.somebody_waits()
        await looked(desk)
        assert (office.tries, await letters_left(desk)) == (0, 1)


async def test_after_the_last_try_a_letter_is_given_up_with_a_line_in_the_log(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(alert_wecom_url="http://127.0.0.1:9/send?key=K")
    await posted(desk.parts.connection.redis, [Letter("wecom", "", "x")], desk.clock.now())
    with structlog.testing.capture_logs() as logs:
        for seconds in (*RETRY_SECONDS, 0.0):
            assert await letters_left(desk) == 1
            await looked(desk)
            desk.clock.at += seconds
    assert await letters_left(desk) == 0
    assert [each["event"] for each in logs].count("alert.given_up") == 1


async def test_what_was_told_of_a_follower_goes_when_the_follower_does(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        await looked(desk)
        redis = desk.parts.connection.redis
        assert await redis.keys(f"*alerted:{OPENID}")
        await desk.parts.engine.forgetting.on_request(OPENID)
        assert await redis.keys(f"*alerted:{OPENID}") == []
        assert await redis.keys("*:alias:*") == []


def test_a_message_stays_within_wecoms_length_and_keeps_its_link() -> None:
    letter = Letter("wecom", "", "题" * 3000, ("行" * 900,), "https://x/desk/", "打开", ("boss",))
    text = markdown(letter)
    assert len(text.encode()) <= MARKDOWN_BYTES
    assert text.endswith("[打开](https://x/desk/)\n<@boss>")


def test_names_make_no_marks_and_mention_nobody() -> None:
    text = markdown(Letter("wecom", "", "[x](http://evil)", ("<@all> **!**",)))
    assert "<@" not in text.replace("> ", "")
    assert "](" not in text


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"alert_mail_to": "a@b.cn"}, "SMTP_HOST"),
        ({"smtp_host": "mail.example"}, "SMTP_FROM"),
        ({"alert_wecom_url": "qyapi.weixin.qq.com/send?key=SECRET"}, "ALERT_WECOM_URL"),
    ],
)
def test_wrong_settings_stop_the_start(changes: dict[str, str], fault: str) -> None:
    told = {"wechat_app_id": "wx0123456789abcdef", "wechat_app_secret": "s", "wechat_token": "t"}
    with pytest.raises(SettingsError, match=fault) as raised:
        load_settings(None, **(told | changes))
    assert "SECRET" not in str(raised.value)


async def test_an_address_that_is_none_is_given_up_and_stops_nothing(open_desk: OpenDesk) -> None:
    async with post_office() as office:
        desk = await open_desk(smtp_port=office.port, smtp_security="none", **MAIL)
        letters = [Letter("mail", "no address\r\nBcc: x@y.cn", "x"), Letter("mail", "a@b.cn", "y")]
        await posted(desk.parts.connection.redis, letters, desk.clock.now())
        await looked(desk)
        assert [to for to, _ in office.mails] == [["a@b.cn"]]
        assert await letters_left(desk) == 0


async def test_a_robot_leads_nowhere_else(open_desk: OpenDesk) -> None:
    async with robot() as heard, robot() as inner:
        heard.leads_to = inner.url
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        await looked(desk)
        assert inner.tries == 0


async def test_a_fault_in_alerts_ends_no_worker(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.alerts.running.PAUSE_SECONDS", 0.01)
    async with robot() as heard:
        desk = await open_desk(alert_wecom_url=heard.url)
        await desk.somebody_waits()
        redis = desk.parts.connection.redis
        # What a newer program might have left behind.
        await redis.hset(desk.parts.conversations.keys.listed(), "oStrange", '{"strange": true}')
        with structlog.testing.capture_logs() as logs:
            running = asyncio.create_task(Alerting.over([desk.parts]).run())
            async with asyncio.timeout(10):
                while not [each for each in logs if each["event"] == "alerts.failed"]:
                    await asyncio.sleep(0.02)
                await redis.hdel(desk.parts.conversations.keys.listed(), "oStrange")
                while not heard.heard:
                    await asyncio.sleep(0.02)
        await end(running)
