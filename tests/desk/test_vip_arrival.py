"""As a VIP: texts "ten minutes away" and is expected at the door."""

import re
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from aiohttp import web

from bot import outbox
from bot.brand_files import live_brand
from bot.change import Change
from bot.conversation import Conversation
from bot.desk.arrivals import (
    MOST_MOVES,
    SAME_SECONDS,
    Arrival,
    Asked,
    Place,
    next_to_ask,
    place_of,
)
from bot.desk.teams import Team
from connectors.alerts.running import Alerting
from connectors.store.desk.arrivals import ArrivalShelf
from connectors.store.desk.audit import AuditLog, Wanted
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk, OpenDesk
from tests.desk.receivers import Robot, post_office, register, robot
from tests.doubles import answer

pytestmark = SESSION_LIBRARY

LINK = re.compile(r"https://desk\.example(/desk/arrivals/[0-9a-f]{16}\.[\w-]{32})")
MINUTE = 60.0


async def opened(open_desk: OpenDesk, heard: Robot, **changes: Any) -> Desk:
    """A desk whose Shanghai shop has two managers, of whom WeCom knows the ids."""
    told = {"alert_wecom_url": heard.url, "public_url": "https://desk.example"}
    desk = await open_desk(**(told | changes))
    shop = Team("shanghai", "上海恒月广场店", cities=("shanghai",), managers=("wang", "li"))
    await TeamShelf(desk.parts.connection.redis).put(shop)
    for name in ("wang", "li"):
        await desk.accounts.change(name, lambda at: replace(at, wecom=f"{at.name}-id"))
    desk.brain.turns = [answer("好的，这就请同事通知门店", "notice", "vip_arrival")]
    return desk


async def looked(desk: Desk) -> None:
    """One look of a worker process that has just been started: it knows what the store knows."""
    await desk.parts.reception.refresh()
    alerting = Alerting.over([desk.parts])
    await alerting.step()
    await alerting.post.finish()
    await alerting.lease.let_go()
    await desk.work()


def asked(heard: Robot) -> list[str]:
    """What the robot was told about arrivals."""
    return [each for each in heard.heard if "/desk/arrivals/" in each]


def link(told: str) -> str:
    found = LINK.search(told)
    assert found
    return found[1]


async def token_of(phone: Browser, path: str) -> str:
    """The token of the page's form. A test browser keeps no Secure cookie without TLS, so it is carried by hand."""
    async with phone.client.get(path, headers=phone.headers) as answered:
        planted = answered.cookies["bida_desk_form"].value
    phone.headers["Cookie"] = f"bida_desk_form={planted}"
    return planted


async def pressed(phone: Browser, path: str) -> str:
    """Press the button of the page, and give the page afterwards."""
    token = await token_of(phone, path)
    async with phone.client.post(path, data={"csrf": token}, headers=phone.headers) as answered:
        assert answered.status == 200
        return await answered.text()


async def test_story_11_a_vip_texts_ten_minutes_away_and_is_expected_at_the_door(
    open_desk: OpenDesk,
) -> None:
    async with robot() as heard, register() as crm:
        desk = await opened(open_desk, heard, crm_url=crm)
        await desk.somebody_waits("我十分钟后到恒月店，找王小姐看包")
        await looked(desk)
        (first,) = asked(heard)
        assert "上海恒月广场店" in first
        assert "<@wang-id>" in first
        assert "满月" in first
        assert "专属顾问：王芳" in first
        # No words, no openid, and no name where a whole group reads it.
        assert not [each for each in ("看包", "王小姐", OPENID, "林女士") if each in first]

        # Chats open links to show what is behind them: nothing happens by that.
        phone = await desk.browser()
        status, page = await phone.get(link(first))
        assert status == 200
        assert "林女士" in page
        assert "我来迎接" in page
        await looked(desk)
        assert not [words for _, words in desk.postbox.sent if "门口" in words]

        # Five minutes later the next one is asked, by a link of her own.
        desk.clock.at += 5 * MINUTE
        await looked(desk)
        _, second = asked(heard)
        assert "<@li-id>" in second
        assert link(second) != link(first)

        assert "由您迎接" in await pressed(phone, link(second))
        await looked(desk)
        await looked(desk)
        told = [words for _, words in desk.postbox.sent if "门口" in words]
        assert told == ["小李 会在上海恒月广场店门口等您，待会儿见！"]
        entries, _ = await AuditLog(desk.parts.connection.redis).page(Wanted("li"), "", 5)
        assert [each.action for each in entries] == ["expect"]
        # The first manager comes too late and is told so; nobody else is asked.
        assert "小李 已经去迎接了" in (await phone.get(link(first)))[1]
        desk.clock.at += 30 * MINUTE
        await looked(desk)
        assert len(asked(heard)) == 2


async def test_the_notice_spends_nothing_of_what_is_kept_for_people(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)

        def spent(at: Conversation) -> Change:
            change = Change(at)
            while change.conversation.allowance.remaining(desk.clock.now()) > 1:
                change = outbox.sending(change, [], desk.clock.now())
                change = outbox.sent(change, [], desk.clock.now())
            return change

        await desk.parts.engine.apply(OPENID, spent)
        await pressed(await desk.browser(), link(asked(heard)[0]))
        await looked(desk)
        assert not [words for _, words in desk.postbox.sent if "门口" in words]
        conversation = await desk.parts.conversations.read(OPENID)
        assert conversation.allowance.remaining(desk.clock.now()) == 1


async def test_the_shop_is_found_when_the_follower_names_it_later(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到")
        await looked(desk)
        (unknown,) = asked(heard)
        assert "门店未知" in unknown
        await desk.somebody_waits("是恒月店")
        await looked(desk)
        _, known = asked(heard)
        assert "上海恒月广场店" in known
        assert "<@wang-id>" in known


async def test_who_names_one_shop_after_the_other_calls_not_all_to_their_doors(
    open_desk: OpenDesk,
) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        for city, manager in (("hong_kong", "li"), ("beijing", "chen")):
            team = Team(city, city, cities=(city,), managers=(manager,))
            await TeamShelf(desk.parts.connection.redis).put(team)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        (first,) = asked(heard)
        await desk.somebody_waits("不对，是中环店")
        await looked(desk)
        # The last letter is fresh: nobody else is called yet, and its link holds.
        assert len(asked(heard)) == 1
        desk.clock.at += 5 * MINUTE
        await looked(desk)
        _, second = asked(heard)
        assert "香港中环店" in second
        assert "<@li-id>" in second
        status, page = await (await desk.browser()).get(link(first))
        assert status == 200
        assert "香港中环店" in page
        for number in range(12):
            shop = ("国贸店", "恒月店", "中环店")[number % 3]
            await desk.somebody_waits(f"第 {number} 次：{shop}")
            for _ in range(2):
                await looked(desk)
                desk.clock.at += 3 * MINUTE
        assert len(asked(heard)) <= 4
        known = await shelf(desk).of(OPENID)
        assert known
        assert known.moves == MOST_MOVES


def test_another_team_begins_late_and_not_for_ever_except_where_the_place_is_known_better() -> None:
    a, b = Place("shop_a", "city_a"), Place("shop_b", "city_b")
    arrival = Arrival(0.0, "one", a, (Asked("wang", "s", 100.0, "one"),), is_given_up=True)
    assert arrival.moved(b, "two", 399.0, 300.0) == arrival
    moved = arrival.moved(b, "two", 400.0, 300.0)
    assert (moved.team, moved.place, moved.moves, moved.is_given_up) == ("two", b, 1, False)
    assert moved.by_secret("s") == arrival.asked[0]
    assert next_to_ask(moved, ["wang"], 400.0, 300.0) == "wang"
    assert replace(moved, moves=MOST_MOVES).moved(a, "one", 900.0, 300.0).team == "two"
    # A city says less than a shop; another shop of the same people calls nobody anew.
    assert arrival.moved(Place("", "city_b"), "two", 900.0, 300.0) == arrival
    same = arrival.moved(b, "one", 101.0, 300.0)
    assert (same.place, same.moves, same.is_given_up) == (b, 0, True)
    vague = replace(arrival, place=Place("", "city_a"))
    better = vague.moved(b, "two", 101.0, 300.0)
    assert (better.team, better.moves) == ("two", 0)


async def test_when_nobody_answers_the_team_is_told_once(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard, arrival_minutes=2)
        await desk.somebody_waits("我十分钟后到恒月店")
        for _ in range(6):
            await looked(desk)
            desk.clock.at += 2 * MINUTE
        assert len(asked(heard)) == 2
        assert len([each for each in heard.heard if "还没有人应" in each]) == 1


async def test_a_manager_is_reached_by_mail_where_there_is_no_robot(open_desk: OpenDesk) -> None:
    async with robot() as heard, post_office() as office:
        desk = await opened(
            open_desk,
            heard,
            smtp_host="127.0.0.1",
            smtp_port=office.port,
            smtp_security="none",
            smtp_from="bida@example.com",
            alert_wecom_url=None,
        )
        await desk.accounts.change("li", lambda at: replace(at, mail="li@example.com"))
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        ((to, mail),) = office.mails
        # Wang has no address: whom no alert reaches is not waited for.
        assert to == ["li@example.com"]
        assert LINK.search(mail.get_content())


async def test_a_link_is_over_after_a_while_and_a_guessed_one_never_was(
    open_desk: OpenDesk,
) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        path, phone = link(asked(heard)[0]), await desk.browser()
        assert (await phone.get(path[:-4] + "AAAA"))[0] == 410
        assert (await phone.get(re.sub(r"/[0-9a-f]{16}", "/" + "0" * 16, path)))[0] == 410
        token = await token_of(phone, path)
        desk.clock.at += SAME_SECONDS
        assert (await phone.get(path))[0] == 410
        async with phone.client.post(path, data={"csrf": token}, headers=phone.headers) as answered:
            assert answered.status == 410
        arrival = await shelf(desk).of(OPENID)
        assert arrival
        assert not arrival.met_by


async def test_the_button_takes_no_press_from_another_site(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        path, phone = link(asked(heard)[0]), await desk.browser()
        token = await token_of(phone, path)
        for data, headers in (
            ({}, {}),
            ({"csrf": "wrong"}, {}),
            ({"csrf": token}, {"Origin": "https://evil.example"}),
            ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
        ):
            async with phone.client.post(
                path, data=data, headers=phone.headers | headers
            ) as answered:
                assert answered.status == 403
        arrival = await shelf(desk).of(OPENID)
        assert arrival
        assert not arrival.met_by


async def test_an_agent_who_came_by_a_mails_link_may_press_the_button(open_desk: OpenDesk) -> None:
    """The first request comes from another site and brings no cookies, the second one brings the agent's session."""
    async with robot() as heard:
        desk = await opened(open_desk, heard, public_url="http://127.0.0.1")
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        found = re.search(r"/desk/arrivals/[\w.-]+", asked(heard)[0])
        assert found
        stranger, li = await desk.browser(), await desk.browser("li")
        token = await stranger.token(found[0])
        planted = SimpleCookie({"bida_desk_form": token})
        planted["bida_desk_form"]["path"] = "/desk/"
        li.client.session.cookie_jar.update_cookies(planted, li.client.make_url("/desk/"))
        async with li.client.post(found[0], data={"csrf": token}) as answered:
            assert answered.status == 200
        # Elsewhere only the session's own token counts.
        async with li.client.post("/desk/logout", data={"csrf": token}) as answered:
            assert answered.status == 403


async def test_an_arrival_is_forgotten_with_the_follower(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        await desk.parts.engine.forgetting.on_request(OPENID)
        assert (await (await desk.browser()).get(link(asked(heard)[0])))[0] == 410
        assert await desk.parts.connection.redis.keys(f"*arrival*{OPENID}*") == []


async def test_a_register_that_is_away_delays_nobody(open_desk: OpenDesk) -> None:
    async with robot() as heard, register(web.Response(status=503)) as crm:
        desk = await opened(open_desk, heard, crm_url=crm)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        assert len(asked(heard)) == 1


async def test_a_later_announcement_is_another_arrival(open_desk: OpenDesk) -> None:
    async with robot() as heard:
        desk = await opened(open_desk, heard)
        await desk.somebody_waits("我十分钟后到恒月店")
        await looked(desk)
        desk.clock.at += SAME_SECONDS + 1
        await looked(desk)
        known = len(asked(heard))
        await desk.somebody_waits("又要来了，还是恒月店")
        await looked(desk)
        assert len(asked(heard)) == known + 1


def shelf(desk: Desk) -> ArrivalShelf:
    return ArrivalShelf(desk.parts.connection.redis, desk.parts.settings.wechat_app_id)


@pytest.mark.parametrize(
    ("words", "city", "place"),
    [
        (["我十分钟后到"], "", Place()),
        (["我十分钟后到"], "guangzhou", Place("guangzhou_tianhui", "guangzhou")),
        (["我十分钟后到"], "shanghai", Place("", "shanghai")),
        (["我到南京西路店"], "", Place("shanghai_hengyue", "shanghai")),
        (["到三里屯啦"], "", Place("", "beijing")),
        (["不对，是徐汇店", "到北京店"], "", Place("shanghai_xuhui", "shanghai")),
        (["to be sure"], "", Place()),
    ],
)
def test_the_place_is_what_the_follower_said_last(
    nlu_data: Any, words: list[str], city: str, place: Place
) -> None:
    brand = live_brand(nlu_data / "brand").value
    assert place_of(brand, words, city) == place


def test_each_manager_has_the_time_that_is_set() -> None:
    arrival = Arrival(0.0, "shop", Place(), (Asked("wang", "s", 100.0, "shop"),))
    assert next_to_ask(arrival, ["wang", "li"], 399.0, 300.0) is None
    assert next_to_ask(arrival, ["wang", "li"], 400.0, 300.0) == "li"
    assert next_to_ask(arrival, ["wang"], 400.0, 300.0) is None
    assert next_to_ask(replace(arrival, met_by="小李"), ["wang", "li"], 400.0, 300.0) is None
    assert next_to_ask(Arrival(0.0, "shop", Place()), [], 0.0, 300.0) == ""
