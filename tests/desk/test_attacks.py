"""What an attacker would try at the door of the desk."""

import asyncio
import io
import re
from html.parser import HTMLParser

import pytest
from aiohttp import ClientPayloadError

from connectors.desk.guard.accounts import Role
from connectors.desk.guard.attempts import PER_ADDRESS
from connectors.store.desk.sessions import Sessions
from connectors.store.keys import SESSIONS
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, OpenDesk
from tests.desk.test_entrance import session_of
from tests.desk.test_roles import ELSEWHERE, routes, with_one_of_each_role

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" style="x" \u202e{{7*7}}'


async def test_guesses_spread_over_many_names_lock_the_address(desk: Desk) -> None:
    stranger = await desk.browser()
    found = [
        (await stranger.log_in(f"n{number}", "123456")).status for number in range(PER_ADDRESS + 5)
    ]
    assert found == [403] * PER_ADDRESS + [429] * 5
    # A locked address locks no names: whoever has one of them still gets in from elsewhere.
    for number in range(20):
        await stranger.log_in("li", f"guess {number}")
    redis = desk.parts.connection.redis
    assert await redis.get("bida:desk:failures:name:li") is None


async def test_made_up_names_fill_no_store(desk: Desk) -> None:
    stranger = await desk.browser()
    for number in range(8):
        await stranger.log_in("x" * 5000 + f" {number}", "x")
    keys = await desk.parts.connection.redis.keys("bida:desk:failures:name:*")
    assert keys == ["bida:desk:failures:name:?"]


async def test_a_forged_forwarded_for_gives_no_fresh_address(desk: Desk) -> None:
    stranger = await desk.browser()
    for number in range(PER_ADDRESS):
        stranger.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        await stranger.log_in(f"n{number}", "x")
    stranger.headers["X-Forwarded-For"] = "203.0.113.200"
    assert (await stranger.log_in("li")).status == 429


async def test_behind_a_trusted_proxy_one_guesser_locks_nobody_else_out(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(trusted_proxies="127.0.0.1")
    guesser, colleague = await desk.browser(), await desk.browser()
    guesser.headers["X-Forwarded-For"] = "198.51.100.66, 203.0.113.9"
    colleague.headers["X-Forwarded-For"] = "203.0.113.10"
    for number in range(PER_ADDRESS + 1):
        answered = await guesser.log_in(f"n{number}", "x")
    assert answered.status == 429
    assert (await colleague.log_in("li")).status == 303


async def test_names_are_not_told_by_what_is_answered(desk: Desk) -> None:
    pages = []
    for name in ("li", "nobody", "no such name!"):
        answered = await (await desk.browser()).log_in(name, "wrong")
        html = re.sub(r'value="[^"]*"', "", await answered.text())
        pages.append((answered.status, sorted(answered.headers), html))
    assert pages[0] == pages[1] == pages[2]


async def test_a_session_that_was_planted_is_not_taken_over(desk: Desk) -> None:
    victim = await desk.browser()
    await victim.get("/desk/login")
    victim.client.session.cookie_jar.update_cookies({SESSIONS: "f" * 32})
    await victim.log_in("li")
    attacker = await desk.browser()
    attacker.headers["Cookie"] = f"{SESSIONS}={'f' * 32}"
    assert 'name="password"' in (await attacker.get("/desk/"))[1]


async def test_a_cookie_of_before_the_log_out_opens_nothing_even_if_its_record_is_left(
    desk: Desk,
) -> None:
    li, redis = await desk.browser("li"), desk.parts.connection.redis
    cookie = session_of(li)
    record = await redis.get(f"{SESSIONS}_{cookie}")
    await li.post("/desk/logout")
    await redis.set(f"{SESSIONS}_{cookie}", record)
    thief = await desk.browser()
    thief.headers["Cookie"] = f"{SESSIONS}={cookie}"
    assert 'name="password"' in (await thief.get("/desk/"))[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_gets_no_stream(desk: Desk, headers: dict[str, str]) -> None:
    li = await desk.browser("li")
    async with li.client.get("/desk/events", headers=headers) as answered:
        assert answered.status == 403
    async with li.client.get("/desk/events", headers={"Sec-Fetch-Site": "same-origin"}) as answered:
        assert answered.status == 200


async def test_a_stream_ends_with_its_session(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.desk.guard.access.LOOK_SECONDS", 0.05)
    li = await desk.browser("li")
    async with li.client.get("/desk/events") as stream:
        await stream.content.readline()
        await desk.accounts.set_password("li", "another password")
        async with asyncio.timeout(5):
            with pytest.raises(ClientPayloadError):
                await stream.content.read()


async def test_no_answer_may_be_framed_or_run_foreign_script(desk: Desk) -> None:
    await desk.somebody_waits()
    await with_one_of_each_role(desk)
    admin = await desk.browser("the-admin")
    token, seen = await admin.token("/desk/me"), 0
    paths = [
        (method, path)
        for name, method, path in routes(desk.server.app)
        if path not in ELSEWHERE and name not in {"log_out", "events"}
    ]
    paths += [("GET", "/desk/nowhere"), ("DELETE", "/desk/"), ("GET", "/desk/static/none.css")]
    for method, path in paths:
        options = {"data": {"csrf": token}} if method == "POST" else {}
        async with admin.client.request(method, path, allow_redirects=False, **options) as answered:
            policy = answered.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert answered.headers["X-Frame-Options"] == "DENY", path
            assert answered.headers["X-Content-Type-Options"] == "nosniff", path
            seen += 1
    assert seen > 30


async def test_a_page_that_breaks_tells_a_sentence_and_nothing_of_its_inside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: object) -> list[object]:
        raise ValueError("a secret of the inside")

    li = await desk.browser("li")
    monkeypatch.setattr("connectors.desk.followers.Followers.listed_by_account", broken)
    async with li.client.get("/desk/", headers=li.headers) as answered:
        html = await answered.text()
        assert answered.status == 500
        assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    assert "没有完成" in html
    assert "secret" not in html


TOKEN = b"t" * 32


async def asked(desk: Desk, line: bytes, *heads: bytes, body: bytes = b"") -> int:
    """What a request is answered with that no browser would send."""
    reader, writer = await asyncio.open_connection(desk.server.host, desk.server.port)
    length = b"Content-Length: %d" % len(body)
    head = (line + b" HTTP/1.1", b"Host: desk", b"Connection: close", length, *heads)
    writer.write(b"\r\n".join((*head, b"", body)))
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(status.split()[1])


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        ((b"Origin: http://[",), 403),
        ((b"Referer: http://[",), 303),
        ((b"Accept-Language: \xff",), 303),
    ],
)
async def test_odd_heads_are_answered(desk: Desk, heads: tuple[bytes, ...], status: int) -> None:
    ours = b"Cookie: bida_desk_form=" + TOKEN, b"X-CSRF-Token: " + TOKEN
    assert await asked(desk, b"POST /desk/language", *ours, *heads) == status


async def test_a_browser_of_an_odd_name_logs_in(desk: Desk) -> None:
    heads = (
        b"Cookie: bida_desk_form=" + TOKEN,
        b"Content-Type: application/x-www-form-urlencoded",
        b"User-Agent: Odd\xff",
    )
    form = b"name=li&password=correct+horse&csrf=" + TOKEN
    assert await asked(desk, b"POST /desk/login", *heads, body=form) == 303
    redis = desk.parts.connection.redis
    assert [each.browser for each in await Sessions(redis, 60, 60).of("li")] == ["Odd"]


@pytest.mark.parametrize("head", [b"X-CSRF-Token: \xff", b"Cookie: bida_desk_form=\xff"])
async def test_what_is_no_token_is_a_wrong_one(desk: Desk, head: bytes) -> None:
    assert await asked(desk, b"POST /desk/language", head) == 403
    assert await asked(desk, b"GET /desk/login", head) == 200


async def test_a_session_of_odd_letters_is_none(desk: Desk) -> None:
    assert await asked(desk, b"GET /desk/login", b"Cookie: bida_desk=\xff") == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/x-www-form-urlencoded", b"csrf=\xff"),
        (b"application/x-www-form-urlencoded; charset=none", b"csrf=x"),
        (b"multipart/form-data", b"csrf=x"),
        (b"multipart/form-data; boundary=x", b"--x\r\n\r\nx\r\n--x--\r\n"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(desk: Desk, kind: bytes, body: bytes) -> None:
    head = b"Content-Type: " + kind
    assert await asked(desk, b"POST /desk/login", head, body=body) == 403


async def test_agents_get_no_fault_for_what_an_address_or_a_form_lacks(desk: Desk) -> None:
    await desk.somebody_waits()
    li, chen = await desk.browser("li"), await desk.browser("chen")
    await li.post(f"{ONE}/take")
    assert (await li.post(f"{ONE}/undo")).status == 409
    endless = "9" * 5000
    for browser, address in (
        (li, f"{ONE}?lines={endless}"),
        (li, f"/desk/?pages={endless}"),
        (chen, f"/desk/teams?moved={endless}"),
        (chen, "/desk/reports?period=range&from=0001-01-01&to=0001-01-01"),
    ):
        assert (await browser.get(address))[0] == 200, address[:40]


class Scan(HTMLParser):
    """Finds in a page what the Content-Security-Policy would have to stop."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if (tag == "script" and "src" not in told) or tag in {"style", "iframe", "object"}:
            self.found.append(tag)
        for name, value in attrs:
            is_script = (value or "").strip().lower().startswith("javascript:")
            if name.startswith("on") or name in {"style", "srcdoc"} or is_script:
                self.found.append(name)


async def test_no_page_holds_script_or_style_whatever_a_follower_writes(desk: Desk) -> None:
    await desk.somebody_waits(HOSTILE)
    await with_one_of_each_role(desk)
    await desk.accounts.change(
        "li", lambda at: at.__class__(**(vars(at) | {"shown": HOSTILE[:32]}))
    )
    seen = 0
    for who in ("", *(f"the-{role}" for role in Role)):
        browser = await desk.browser(who)
        for name, method, path in routes(desk.server.app):
            if method != "GET" or path in ELSEWHERE or name in {"static", "events"}:
                continue
            for address in (path, f"{path}?next={HOSTILE}&agent={HOSTILE}&alias={HOSTILE}"):
                _, html = await browser.get(address)
                assert not Scan(html).found, (who, path)
                assert "49" not in re.findall(r"\u202e(\S*)", html)
                seen += 1
    assert seen > 100


def test_the_scan_finds_what_it_looks_for() -> None:
    bad = (
        "<script>x</script>",
        "<script type=module>",
        '<p onclick="x">',
        "<p style='x'>",
        "<STYLE>",
        '<a href="javascript:x">',
    )
    for each in bad:
        assert Scan(each).found, each
    assert not Scan('<script type="module" src="/desk/x.js"></script>').found


async def test_the_page_of_a_forgotten_follower_says_so_and_an_unknown_one_is_unknown(
    desk: Desk,
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await desk.parts.engine.forgetting.on_request(OPENID)
    for path in (ONE, f"{ONE}/thread"):
        status, html = await li.get(path)
        assert status == 410
        assert "已按要求删除" in html
    assert (await li.reply("还在吗")).status == 410
    assert (await li.get("/desk/conversations/oNobody"))[0] == 404
    assert (await li.get("/desk/conversations/oNobody/thread"))[0] == 404


async def test_too_much_is_refused_with_a_sentence(desk: Desk) -> None:
    li = await desk.browser("li")
    async with li.client.post(
        "/desk/me/password", data=io.BytesIO(b"x" * 3_000_000), headers=li.headers
    ) as got:
        assert got.status in {403, 413}
        assert "default-src 'none'" in got.headers["Content-Security-Policy"]
