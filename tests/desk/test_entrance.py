"""Who gets in, and what keeps the others out."""

import asyncio

import pytest

from connectors.desk.guard.access import ALLOWED
from connectors.desk.guard.accounts import Accounts, NameTaken, Role, UnknownAccount
from connectors.desk.guard.attempts import PER_ADDRESS, PER_NAME, SECONDS
from connectors.settings import SettingsError
from connectors.store.connection import Connection
from connectors.store.keys import SESSIONS
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Browser, Desk, OpenDesk

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


def session_of(browser: Browser) -> str:
    """The session's cookie."""
    cookies = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/desk/"))
    return cookies[SESSIONS].value if SESSIONS in cookies else ""


async def test_an_agent_logs_in_and_out(desk: Desk) -> None:
    browser = await desk.browser()
    answered = await browser.log_in("Li ")
    assert (answered.status, answered.headers["Location"]) == (303, "/desk/")
    assert "小李" in (await browser.get("/desk/"))[1]
    kept = session_of(browser)
    await browser.post("/desk/logout")
    assert 'name="password"' in (await browser.get("/desk/"))[1]
    # The session is gone on the server too, whoever still has its cookie.
    browser.client.session.cookie_jar.update_cookies({SESSIONS: kept})
    assert 'name="password"' in (await browser.get("/desk/"))[1]


@pytest.mark.parametrize(("name", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_wrong_names_and_wrong_passwords_are_told_alike(
    desk: Desk, name: str, password: str
) -> None:
    browser = await desk.browser()
    answered = await browser.log_in(name, password)
    assert answered.status == 403
    assert "账号或密码不对。" in await answered.text()
    assert not session_of(browser)


async def test_a_name_is_locked_after_many_wrong_passwords(desk: Desk) -> None:
    browser = await desk.browser()
    for _ in range(PER_NAME):
        assert (await browser.log_in("li", "wrong")).status == 403
    # The right password does not help any more, and other names are free.
    assert (await browser.log_in("li")).status == 429
    assert (await browser.log_in("wang")).status == 303
    ttl = await desk.parts.connection.redis.ttl("bida:desk:failures:name:li")
    assert 0 < ttl <= SECONDS


async def test_guesses_elsewhere_lock_nobody_out_where_they_have_logged_in(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(trusted_proxies="127.0.0.1")
    li, stranger = await desk.browser(), await desk.browser()
    li.headers["X-Forwarded-For"] = "203.0.113.10"
    stranger.headers["X-Forwarded-For"] = "203.0.113.66"
    assert (await li.log_in("li")).status == 303
    await li.post("/desk/logout")
    for _ in range(PER_NAME + 1):
        guessed = await stranger.log_in("li", "guess")
    assert guessed.status == 429
    # The guesses still count wherever the account was not seen.
    elsewhere = await desk.browser()
    elsewhere.headers["X-Forwarded-For"] = "203.0.113.11"
    assert (await elsewhere.log_in("li")).status == 429
    # At home it has its own count, which is no longer.
    assert (await li.log_in("li")).status == 303
    await li.post("/desk/logout")
    for _ in range(PER_NAME):
        assert (await li.log_in("li", "guess")).status == 403
    assert (await li.log_in("li")).status == 429


async def test_many_tries_at_the_same_moment_are_all_counted(desk: Desk) -> None:
    tries = (desk.accounts.log_in("li", "wrong", "10.0.0.1") for _ in range(PER_NAME + 10))
    faults = await asyncio.gather(*tries, return_exceptions=True)
    names = [type(fault).__name__ for fault in faults]
    assert names.count("TooManyAttempts") == 10


async def test_an_address_is_locked_after_many_names(desk: Desk) -> None:
    browser, key = await desk.browser(), "bida:desk:failures:address:127.0.0.1"
    await desk.parts.connection.redis.set(key, PER_ADDRESS - 1)
    assert (await browser.log_in("nobody", "wrong")).status == 403
    assert (await browser.log_in("li")).status == 429


async def test_right_passwords_never_lock_an_office_out(desk: Desk) -> None:
    for _ in range(3):
        await desk.accounts.log_in("li", PASSWORD, "10.0.0.1")
    key = "bida:desk:failures:address:10.0.0.1"
    assert await desk.parts.connection.redis.get(key) == "0"
    assert await desk.parts.connection.redis.ttl(key) > 0


async def test_a_log_in_gets_a_session_of_its_own(desk: Desk) -> None:
    browser = await desk.browser()
    browser.client.session.cookie_jar.update_cookies({SESSIONS: "planted"})
    await browser.log_in("li")
    assert session_of(browser) not in {"planted", ""}


async def test_strangers_leave_no_sessions_behind(desk: Desk) -> None:
    stranger = await desk.browser()
    for path in ("/desk/", "/desk/login", ONE):
        await stranger.get(path)
    await stranger.log_in("li", "wrong")
    assert await desk.parts.connection.redis.keys(f"{SESSIONS}*") == []


async def test_a_new_password_ends_the_sessions_of_the_old_one(desk: Desk) -> None:
    li = await desk.browser("li")
    await desk.accounts.set_password("li", "another password")
    assert 'name="password"' in (await li.get("/desk/"))[1]


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        (ONE, ONE),
        ("/desk/", "/desk/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/desk/", "/desk/"),
        ("/desk/../evil", "/desk/"),
        ("/desk/conversations/x/take", "/desk/"),
    ],
)
async def test_a_log_in_leads_back_to_pages_of_ours_only(
    desk: Desk, wanted: str, led_to: str
) -> None:
    browser = await desk.browser()
    answered = await browser.log_in("li", next=wanted)
    assert answered.headers["Location"] == led_to


@pytest.mark.parametrize("path", ["/desk/login", "/desk/logout", "/desk/language", f"{ONE}/take"])
@pytest.mark.parametrize("token", [None, "", "wrong"])
async def test_a_write_without_the_token_is_refused(
    desk: Desk, path: str, token: str | None
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    form = {"name": "li", "password": PASSWORD} | ({} if token is None else {"csrf": token})
    async with li.client.post(path, data=form, allow_redirects=False) as answered:
        assert answered.status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.a.proxy"}, 200),
        ({}, 200),
    ],
)
async def test_a_write_from_another_site_is_refused(
    desk: Desk, headers: dict[str, str], status: int
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    form = {"csrf": await li.token()}
    async with li.client.post(f"{ONE}/take", data=form, headers=headers) as answered:
        assert answered.status == status


async def test_cookies_are_out_of_reach(open_desk: OpenDesk) -> None:
    desk = await open_desk(public_url="https://desk.example")
    browser = await desk.browser()
    async with browser.client.get("/desk/login") as answered:
        planted = answered.cookies["bida_desk_form"]
        html = await answered.text()
    # A test browser keeps no Secure cookie without TLS, so it is carried by hand.
    form = {"csrf": planted.value, "name": "li", "password": PASSWORD}
    assert planted.value in html
    headers = {"Cookie": f"bida_desk_form={planted.value}"}
    async with browser.client.post(
        "/desk/login", data=form, headers=headers, allow_redirects=False
    ) as answered:
        session = answered.cookies[SESSIONS]
    for cookie in (planted, session):
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == "/desk/"


async def test_a_script_whose_session_has_ended_takes_no_form_its_token(desk: Desk) -> None:
    browser = await desk.browser()
    async with browser.client.get(
        "/desk/lists", headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    ) as answered:
        assert answered.url.path == "/desk/login"
        assert "bida_desk_form" not in answered.cookies
    async with browser.client.get(
        "/desk/login", headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
    ) as answered:
        assert "bida_desk_form" in answered.cookies


@pytest.mark.parametrize("path", ["/desk/login", "/desk/nowhere", "/desk/static/desk.js", "/desk/"])
async def test_every_answer_forbids_foreign_script(desk: Desk, path: str) -> None:
    li = await desk.browser("li")
    async with li.client.get(path) as answered:
        policy = answered.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        is_file = path.startswith("/desk/static/")
        assert answered.headers["Cache-Control"] == ("no-cache" if is_file else "no-store")


async def test_the_language_is_the_browsers_until_one_is_chosen(desk: Desk) -> None:
    browser = await desk.browser("li")
    browser.headers["Accept-Language"] = "en-GB,en;q=0.9,zh;q=0.5"
    assert "Nobody is waiting" in (await browser.get("/desk/"))[1]
    await browser.post("/desk/language")
    assert "没有人在等" in (await browser.get("/desk/"))[1]


@pytest.mark.parametrize(
    ("referer", "led_to"),
    [
        (f"{{own}}{ONE}", ONE),
        ("{own}/desk/login?next=/desk/", "/desk/login"),
        ("https://evil.example/desk/conversations/oEvil", "/desk/"),
        ("{own}//evil.example", "/desk/"),
        ("{own}/desk/logout", "/desk/"),
        ("", "/desk/"),
    ],
)
async def test_choosing_a_language_keeps_the_place_and_leads_nowhere_else(
    desk: Desk, referer: str, led_to: str
) -> None:
    li = await desk.browser("li")
    own = str(li.client.make_url("/")).rstrip("/")
    headers = {"Referer": referer.format(own=own)}
    form = {"csrf": await li.token()}
    async with li.client.post(
        "/desk/language", data=form, headers=headers, allow_redirects=False
    ) as answered:
        assert (answered.status, answered.headers["Location"]) == (303, led_to)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        ("", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.0/8,10.0.0.0/8", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
        # What a client writes into the header itself stands left of what the proxy saw.
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        # Addresses of IPv4 as sockets for both name them, and ports that a proxy adds.
        ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("127.0.0.1,10.0.0.1", "203.0.113.7, ::ffff:10.0.0.1", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
    ],
)
async def test_only_trusted_proxies_are_believed(
    open_desk: OpenDesk, proxies: str, forwarded: str, counted: str
) -> None:
    desk = await open_desk(trusted_proxies=proxies)
    browser = await desk.browser()
    browser.headers["X-Forwarded-For"] = forwarded
    await browser.log_in("li", "wrong")
    keys = await desk.parts.connection.redis.keys("bida:desk:failures:address:*")
    assert keys == [f"bida:desk:failures:address:{counted}"]


async def test_a_malformed_proxy_stops_the_start(open_desk: OpenDesk) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        await open_desk(trusted_proxies="proxy.example")


async def test_a_page_says_so_when_the_store_is_away(desk: Desk, connection: Connection) -> None:
    li = await desk.browser("li")
    # A key of the wrong kind is the nearest thing to a store that answers with faults.
    await connection.redis.delete("bida:desk:agents")
    await connection.redis.set("bida:desk:agents", "broken")
    status, html = await li.get("/desk/")
    assert status == 503
    assert "系统暂时连不上存储" in html


async def test_a_route_may_be_kept_for_some_roles(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ALLOWED, "home", frozenset({Role.ADMIN}))
    assert (await (await desk.browser("li")).get("/desk/"))[0] == 403
    await desk.accounts.add("boss", "Boss", Role.ADMIN, PASSWORD)
    assert (await (await desk.browser("boss")).get("/desk/"))[0] == 200


async def test_accounts_have_honest_names(connection: Connection) -> None:
    accounts = Accounts(connection.redis)
    await accounts.add("li", "小李", Role.AGENT, PASSWORD)
    with pytest.raises(NameTaken):
        await accounts.add("li", "Another", Role.AGENT, PASSWORD)
    for name in ("", "Li", "a b", "-x", "x" * 33, "<b>", "李"):
        with pytest.raises(ValueError, match="log-in name"):
            await accounts.add(name, "x", Role.AGENT, PASSWORD)
    with pytest.raises(UnknownAccount):
        await accounts.set_password("nobody", PASSWORD)


async def test_the_first_account_is_made_once_by_many_processes(connection: Connection) -> None:
    accounts = Accounts(connection.redis)
    made = await asyncio.gather(*(accounts.ensure_admin(None) for _ in range(4)))
    passwords = [password for password in made if password]
    assert len(passwords) == 1
    assert (await accounts.log_in("admin", passwords[0], "")).role == Role.ADMIN
    await accounts.ensure_admin("a set password")
    assert (await accounts.log_in("admin", "a set password", "")).name == "admin"
