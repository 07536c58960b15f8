"""Accounts made, changed and ended in the pages; one's own password and sessions."""

import re
from dataclasses import replace

import pytest

from bot.desk.teams import Team
from connectors.desk.guard.accounts import ADMIN, Role
from connectors.desk.pages.own import browser_of
from connectors.store.desk.canned import Canned, CannedShelf
from connectors.store.desk.sessions import Sessions
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Browser, Desk, OpenDesk
from tests.desk.test_entrance import session_of
from tests.desk.test_roles import with_one_of_each_role
from tests.doubles import SettableClock

pytestmark = SESSION_LIBRARY

FIELDS = {"shown": "小周", "role": "agent", "skills": "en", "limit": "3", "teams": "all"}
LOGIN_FORM = 'name="password"'


async def people(desk: Desk, who: str) -> Browser:
    """The browser of somebody who looks after accounts."""
    await with_one_of_each_role(desk)
    return await desk.browser(f"the-{who}")


async def test_a_supervisor_makes_an_agent_whose_password_is_shown_once(desk: Desk) -> None:
    boss = await people(desk, "supervisor")
    answered = await boss.post("/desk/people", name="Zhou ", mail="zhou@example.com", **FIELDS)
    found = re.search(r"<code>([^<]+)</code>", await answered.text())
    assert found
    assert answered.headers["Cache-Control"] == "no-store"
    assert found[1] not in (await boss.get("/desk/people"))[1]
    assert (await (await desk.browser()).log_in("zhou", found[1])).status == 303
    zhou = await desk.accounts.find("zhou")
    assert zhou
    assert (zhou.shown, zhou.role, zhou.teams, zhou.limit) == ("小周", "agent", ("all",), 3)
    assert (zhou.skills, zhou.mail) == (("en",), "zhou@example.com")


async def test_skills_are_ticked_and_what_nobody_knows_any_more_can_be_unticked(desk: Desk) -> None:
    boss = await people(desk, "supervisor")
    await desk.accounts.change("li", lambda agent: replace(agent, skills=("en", "engraving")))
    _, html = await boss.get("/desk/people/li")
    ticked = re.findall(r'name="skills" value="(\w+)" checked', html)
    assert ticked == ["en", "engraving"]
    form = FIELDS | {"skills": "store_hours"}
    assert (await boss.post("/desk/people/li", **form)).status == 303
    li = await desk.accounts.find("li")
    assert li
    assert li.skills == ("store_hours",)
    await boss.post("/desk/people/li", **(FIELDS | {"skills": "engraving"}))
    li = await desk.accounts.find("li")
    assert li
    assert li.skills == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "li"}, "已经有这个账号"),
        ({"name": "a b"}, "账号只能用小写字母"),
        ({"shown": " "}, "对外称呼要填"),
        ({"shown": "x" * 33}, "对外称呼要填"),
        ({"limit": "0"}, "1 到 50"),
        ({"limit": "²"}, "1 到 50"),
        ({"mail": "a@b.cn\nBcc: all@example.com"}, "邮箱的写法不对"),
        ({"wecom": "<@all>"}, "企业微信账号的写法不对"),
    ],
)
async def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    desk: Desk, changes: dict[str, str], sentence: str
) -> None:
    boss = await people(desk, "admin")
    answered = await boss.post("/desk/people", **({"name": "zhou"} | FIELDS | changes))
    assert answered.status == 422
    html = await answered.text()
    assert sentence in html
    assert 'value="en" checked' in html
    assert await desk.accounts.find("zhou") is None


@pytest.mark.parametrize("role", ["supervisor", "trainer", "admin"])
async def test_a_supervisor_raises_nobody_and_touches_agents_alone(desk: Desk, role: str) -> None:
    boss = await people(desk, "supervisor")
    told = FIELDS | {"role": role}
    assert (await boss.post("/desk/people", name="zhou", **told)).status == 403
    assert (await boss.post("/desk/people/li", **told)).status == 403
    for move in ("", "/password", "/remove", "/sessions/0a/end"):
        assert (await boss.post(f"/desk/people/the-{role}{move}", **FIELDS)).status == 403
    assert (await boss.get(f"/desk/people/the-{role}"))[0] == 403
    found = await desk.accounts.find(f"the-{role}")
    assert found
    assert found.role == role
    assert f"the-{role}" not in (await boss.get("/desk/people"))[1].replace("the-supervisor</", "")


async def test_a_removed_account_is_out_at_once(desk: Desk) -> None:
    boss, li = await people(desk, "supervisor"), await desk.browser("li")
    assert (await boss.post("/desk/people/li/remove")).status == 303
    assert LOGIN_FORM in (await li.get("/desk/"))[1]
    assert (await (await desk.browser()).log_in("li")).status == 403
    # An account of the same name is another one: what the old one had open stays closed.
    like = await desk.accounts.find("wang")
    assert like
    await desk.accounts.put(replace(like, name="li"))
    assert LOGIN_FORM in (await li.get("/desk/"))[1]


async def test_another_account_of_the_same_name_inherits_nothing(desk: Desk) -> None:
    boss, li = await people(desk, "supervisor"), await desk.browser("li")
    redis = desk.parts.connection.redis
    shelf, teams = CannedShelf(redis), TeamShelf(redis)
    await li.post("/desk/canned", shortcut="mine", text="只有我用")
    await shelf.put(Canned("", "ours", "大家都用"))
    await shelf.put(Canned("", "hers", "王芳用", "wang"))
    await teams.put(Team("shop", "恒月店", managers=("wang", "li")))
    assert (await boss.post("/desk/people/li/remove")).status == 303
    like = await desk.accounts.find("wang")
    assert like
    await desk.accounts.put(replace(like, name="li"))
    assert [each.shortcut for each in await shelf.of("li")] == ["ours"]
    assert [each.shortcut for each in await shelf.of("wang")] == ["hers", "ours"]
    assert (await teams.load()).by_id["shop"].managers == ("wang",)


async def test_the_first_account_and_the_own_one_stay_what_they_are(desk: Desk) -> None:
    await desk.accounts.ensure_admin(PASSWORD)
    boss = await people(desk, "admin")
    for name in (ADMIN, "the-admin"):
        assert (await boss.post(f"/desk/people/{name}/remove")).status == 422
        assert (await boss.post(f"/desk/people/{name}", **FIELDS)).status == 422
        found = await desk.accounts.find(name)
        assert found
        assert found.role == Role.ADMIN


async def test_a_link_by_alias_leads_to_the_follower_and_ends_with_them(desk: Desk) -> None:
    await desk.somebody_waits()
    li, told = await desk.browser("li"), await desk.parts.conversations.read(OPENID)
    path = f"/desk/by/{told.account}/{told.alias}"
    assert f'data-openid="{OPENID}"' in (await li.get(path))[1]
    await desk.parts.engine.forgetting.on_request(OPENID)
    assert (await li.get(path))[0] == 410


async def test_a_renewed_password_ends_the_sessions(desk: Desk) -> None:
    boss, li = await people(desk, "supervisor"), await desk.browser("li")
    answered = await boss.post("/desk/people/li/password")
    found = re.search(r"<code>([^<]+)</code>", await answered.text())
    assert found
    assert LOGIN_FORM in (await li.get("/desk/"))[1]
    assert (await (await desk.browser()).log_in("li")).status == 403
    assert (await (await desk.browser()).log_in("li", found[1])).status == 303


async def test_an_edit_takes_a_role_at_once(desk: Desk) -> None:
    boss, li = await people(desk, "admin"), await desk.browser("li")
    assert (await boss.post("/desk/people/li", **(FIELDS | {"role": "trainer"}))).status == 303
    assert "审计" not in (await li.get("/desk/me"))[1]
    assert (await li.get("/desk/audit"))[0] == 403
    assert (await li.get("/desk/marked"))[0] == 200


async def test_the_own_password_wants_the_old_one_and_ends_the_other_sessions(desk: Desk) -> None:
    here, there = await desk.browser("li"), await desk.browser("li")
    stolen = session_of(here)
    new = {"new": "battery staple", "again": "battery staple"}
    assert (await here.post("/desk/me/password", old="wrong", **new)).status == 403
    assert (await here.post("/desk/me/password", old=PASSWORD, **new)).status == 303
    assert "密码已修改" in (await here.get("/desk/me?changed"))[1]
    assert LOGIN_FORM in (await there.get("/desk/"))[1]
    thief = await desk.browser()
    thief.headers["Cookie"] = f"bida_desk={stolen}"
    assert LOGIN_FORM in (await thief.get("/desk/"))[1]
    assert (await (await desk.browser()).log_in("li", "battery staple")).status == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        (PASSWORD, "short", "short", "至少 8 个字符"),
        (PASSWORD, "long enough", "long enougH", "不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "和现在的一样"),
    ],
)
async def test_a_password_that_is_none_is_refused(
    desk: Desk, old: str, new: str, again: str, sentence: str
) -> None:
    li = await desk.browser("li")
    answered = await li.post("/desk/me/password", old=old, new=new, again=again)
    assert answered.status == 422
    assert sentence in await answered.text()


async def test_guessing_the_old_password_from_a_stolen_session_locks_as_a_log_in_does(
    desk: Desk,
) -> None:
    li = await desk.browser("li")
    told = {"new": "battery staple", "again": "battery staple"}
    tries = [(await li.post("/desk/me/password", old="wrong", **told)).status for _ in range(11)]
    assert tries == [403] * 10 + [429]


async def test_a_password_that_is_a_setting_is_changed_there(desk: Desk) -> None:
    await desk.accounts.ensure_admin(PASSWORD)
    admin = await desk.browser(ADMIN)
    told = {"old": PASSWORD, "new": "battery staple", "again": "battery staple"}
    answered = await admin.post("/desk/me/password", **told)
    assert answered.status == 422
    assert "DESK_ADMIN_PASSWORD" in await answered.text()


async def test_sessions_are_listed_and_end_one_by_one(desk: Desk) -> None:
    here, there = await desk.browser(), await desk.browser()
    there.headers["User-Agent"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"
    )
    for browser in (here, there):
        form = {"csrf": await browser.token("/desk/login"), "name": "li", "password": PASSWORD}
        async with browser.client.post("/desk/login", data=form, headers=browser.headers):
            pass
    html = (await here.get("/desk/me"))[1]
    assert "Safari · iPhone" in html
    assert "127.0.0.1" in html
    other = next(
        number
        for number in re.findall(r"/me/sessions/([0-9a-f]+)/end", html)
        if number != own_number(html)
    )
    await here.post(f"/desk/me/sessions/{other}/end")
    assert LOGIN_FORM in (await there.get("/desk/"))[1]
    assert (await here.get("/desk/me"))[0] == 200


def own_number(html: str) -> str:
    """The number of the session that the page marks as this one."""
    found = re.search(r"当前</span>.*?/sessions/([0-9a-f]+)/end", html, re.DOTALL)
    assert found
    return found[1]


async def test_all_other_sessions_end_with_one_press(desk: Desk) -> None:
    here, *others = [await desk.browser("li") for _ in range(3)]
    await here.post("/desk/me/sessions/end")
    assert (await here.get("/desk/me"))[1].count('/end"') == 1
    for each in others:
        assert LOGIN_FORM in (await each.get("/desk/"))[1]


async def test_nobody_ends_anothers_session_by_its_number(desk: Desk) -> None:
    li, wang = await desk.browser("li"), await desk.browser("wang")
    number = own_number((await wang.get("/desk/me"))[1])
    await li.post(f"/desk/me/sessions/{number}/end")
    assert (await wang.get("/desk/me"))[0] == 200


async def test_an_admin_sees_and_ends_the_sessions_of_others(desk: Desk) -> None:
    boss, li = await people(desk, "admin"), await desk.browser("li")
    html = (await boss.get("/desk/people/li"))[1]
    found = re.search(r"/desk/people/li/sessions/([0-9a-f]+)/end", html)
    assert found
    await boss.post(found[0])
    assert LOGIN_FORM in (await li.get("/desk/"))[1]


async def test_a_session_ends_after_its_day_and_after_its_rest(desk: Desk) -> None:
    redis, clock = desk.parts.connection.redis, SettableClock(1000.0)
    sessions = Sessions(redis, lifetime_seconds=3600, idle_seconds=600, now=clock.now)
    first = await sessions.begin("li", "print", "10.0.0.1", "Firefox")
    for _ in range(11):
        clock.at += 300
        assert await sessions.look("li", first.number)
    # Seen without a break, and over all the same.
    clock.at += 300
    assert await sessions.look("li", first.number) is None
    second = await sessions.begin("li", "print", "10.0.0.1", "Firefox")
    clock.at += 599
    assert await sessions.look("li", second.number)
    clock.at += 600
    assert await sessions.look("li", second.number) is None
    assert await sessions.of("li") == []
    assert await redis.hlen("bida:desk:sessions:li") == 0


async def test_a_session_that_was_ended_does_not_come_back_by_being_seen(desk: Desk) -> None:
    redis, clock = desk.parts.connection.redis, SettableClock(1000.0)
    sessions = Sessions(redis, 3600, 600, now=clock.now)
    opened = await sessions.begin("li", "print", "10.0.0.1", "Firefox")
    await sessions.end("li", opened.number)
    await redis.hset("bida:desk:sessions:li", f"{opened.number}:seen", "1001.0")
    assert await sessions.look("li", opened.number) is None
    assert await sessions.of("li") == []


async def test_the_lifetimes_are_settings(open_desk: OpenDesk) -> None:
    desk = await open_desk(desk_session_hours=0.5)
    browser = await desk.browser()
    form = {"csrf": await browser.token("/desk/login"), "name": "li", "password": PASSWORD}
    async with browser.client.post("/desk/login", data=form, allow_redirects=False) as answered:
        assert answered.cookies["bida_desk"]["max-age"] == "1800"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari/537", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) wxwork/4.1 MicroMessenger/7.0", "WeCom · Android"),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(said: str, shown: str) -> None:
    assert browser_of(said) == shown
