"""Who may call what: every route of the real application, for each role and for a stranger."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiohttp import web

from connectors.app import create_app
from connectors.desk.guard.access import ALLOWED, OPEN
from connectors.desk.guard.accounts import Role
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk
from tests.doubles import answer

pytestmark = SESSION_LIBRARY

A, S, T, D = Role.AGENT, Role.SUPERVISOR, Role.TRAINER, Role.ADMIN
ALL = {A, S, T, D}
STRANGER = "stranger"

MAY: dict[str, set[str]] = {
    "login": {STRANGER, *ALL},
    "log_in": {STRANGER, *ALL},
    "language": {STRANGER, *ALL},
    "theme": {STRANGER, *ALL},
    "static": {STRANGER, *ALL},
    "arrival": {STRANGER, *ALL},
    "expect": {STRANGER, *ALL},
    "log_out": ALL,
    "me": ALL,
    "change_password": ALL,
    "end_session": ALL,
    "end_other_sessions": ALL,
    "to_home": ALL,
    "home": ALL,
    "lists": ALL,
    "events": ALL,
    "by_alias": ALL,
    "conversation": ALL,
    "thread": ALL,
    "mark": ALL,
    "media": {A, S, D},
    "take": {A, S, D},
    "reply": {A, S, D},
    "typing": {A, S, D},
    "close": {A, S, D},
    "presence": ALL,
    "transfer_choices": {A, S, D},
    "transfer": {A, S, D},
    "step_in": {S, D},
    "introduce": {S, D},
    "marked": {S, T, D},
    "undo": {A, S, D},
    "picture": {A, S, D},
    "note": {A, S, D},
    "viewing": {A, S, D},
    "tag": {A, S, D},
    "untag": {A, S, D},
    "profile": {A, S, D},
    "member": {A, S, D},
    "suggestions": {A, S, D},
    "canned_here": {A, S, D},
    "mentions": ALL,
    "canned": ALL,
    "put_canned": ALL,
    "keep_canned": ALL,
    "remove_canned": ALL,
    "people": {S, D},
    "add_person": {S, D},
    "person": {S, D},
    "change_person": {S, D},
    "renew_password": {S, D},
    "remove_person": {S, D},
    "end_session_of": {S, D},
    "audit": {S, D},
    "board": {S, D},
    "board_now": {S, D},
    "reports": {S, D},
    "report_table": {S, D},
    "teams": {S, D},
    "new_team": {S, D},
    "add_team": {S, D},
    "team": {S, D},
    "change_team": {S, D},
    "remove_team": {S, D},
}
"""The table: who may call each route of the desk, by its name."""

ELSEWHERE = {"/healthz", "/readyz", "/metrics", "/wechat"}
"""What lies outside the desk: for operators and for WeChat, with its own signature."""

SAMPLES = {
    "table": "teams",
    "team": "all",
    "openid": OPENID,
    "key": "1",
    "name": "somebody",
    "number": "0a",
    "app_id": "wx0123456789abcdef",
    "alias": "0a",
    "link": "a" * 16 + "." + "b" * 32,
    "filename": "desk.css",
}


def routes(app: web.Application) -> Iterator[tuple[str, str, str]]:
    """Name, method and a path of each route."""
    for route in app.router.routes():
        info = route.get_info()
        path = info.get("path") or info.get("formatter") or f"{info.get('prefix')}/{{filename}}"
        wanted = re.findall(r"{(\w+)}", path)
        yield route.name or "", route.method, path.format(**{n: SAMPLES[n] for n in wanted})


async def status(browser: Browser, method: str, path: str, form: dict[str, str]) -> int:
    """What a request is answered with; a stream is left as soon as it begins."""
    options = {"data": form} if method == "POST" else {}
    # A picture is sent with the token in the head.
    headers = browser.headers | {"X-CSRF-Token": form["csrf"]}
    async with browser.client.request(
        method, path, headers=headers, allow_redirects=False, **options
    ) as answered:
        if answered.status == 303 and answered.headers["Location"].startswith("/desk/login?next="):
            return 401
        return answered.status


async def walked(desk: Desk, who: str, name: str, method: str, path: str) -> int:
    """Call one route as a fresh browser of this role, with the right token."""
    browser = await desk.browser("" if who == STRANGER else f"the-{who}")
    token = await browser.token("/desk/login" if who == STRANGER else "/desk/me")
    return await status(browser, method, path, {"csrf": token})


async def with_one_of_each_role(desk: Desk) -> None:
    """Accounts ``the-agent``, ``the-supervisor`` and so on, as cheap as the others of these tests."""
    like = await desk.accounts.find("li")
    assert like
    for role in Role:
        await desk.accounts.put(replace(like, name=f"the-{role}", shown=str(role), role=role))


def test_the_table_names_every_route(desk: Desk) -> None:
    found = {
        name
        for name, _, path in routes(create_app(desk.parts, {"desk", "callback"}))
        if path not in ELSEWHERE
    }
    assert found == set(MAY)
    assert set(ALLOWED) | OPEN == set(MAY)


@pytest.mark.parametrize("who", [STRANGER, *Role])
async def test_each_role_may_call_what_the_table_says_and_nothing_else(
    desk: Desk, who: str
) -> None:
    await desk.somebody_waits()
    await with_one_of_each_role(desk)
    wrong: list[tuple[str, int]] = []
    seen = 0
    for name, method, path in routes(create_app(desk.parts, {"desk"})):
        if path in ELSEWHERE or method == "HEAD":
            continue
        found = await walked(desk, who, name, method, path)
        seen += 1
        # A log-in and a link that fit nothing are refused by themselves, whoever comes.
        closed = {401} if who == STRANGER else {403}
        is_refused = found in closed and name != "log_in"
        if is_refused == (who in MAY[name]):
            wrong.append((name, found))
    assert wrong == []
    assert seen > 30


async def test_a_route_without_a_name_in_the_table_is_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ALLOWED, "home")  # type: ignore[arg-type]
    admin = await desk.browser("li")
    assert (await admin.get("/desk/"))[0] == 403


async def test_a_trainer_reads_masked_and_takes_nobody(desk: Desk) -> None:
    await desk.somebody_waits(
        "我叫林小月，电话 13800138000，订单 LN20261128001，邮箱 lin@example.com"
    )
    await with_one_of_each_role(desk)
    trainer, agent = await desk.browser("the-trainer"), await desk.browser("the-agent")
    one = f"/desk/conversations/{OPENID}"
    secrets = ("林小月", "13800138000", "LN20261128001", "lin@example.com")
    html = (await trainer.get(one))[1]
    assert not [each for each in secrets if each in html]
    assert "只读" in html
    assert f"{one}/take" not in html
    assert (await trainer.post(f"{one}/take")).status == 403
    thread = (await agent.get(f"{one}/thread"))[1]
    assert all(each in thread for each in secrets)


async def test_what_the_brain_heard_is_not_shown_to_a_trainer_either(desk: Desk) -> None:
    heard = (("phone", "13800138000"), ("order_no", "LN20261128001"))
    desk.brain.turns = [replace(answer("好，帮您找同事。", "notice", "unsure"), entities=heard)]
    await desk.somebody_waits("电话 13800138000，订单 LN20261128001")
    await with_one_of_each_role(desk)
    trainer, agent = await desk.browser("the-trainer"), await desk.browser("the-agent")
    thread = f"/desk/conversations/{OPENID}/thread"
    read, whole = (await trainer.get(thread))[1], (await agent.get(thread))[1]
    assert "门店营业时间 · 90%" in read
    assert not [value for _, value in heard if value in read]
    assert "订单号 LN20261128001" in whole


async def test_lists_are_masked_for_everybody(desk: Desk) -> None:
    await desk.somebody_waits("电话 13800138000 请回电")
    lists = (await (await desk.browser("li")).get("/desk/lists"))[1]
    assert "13800138000" not in lists
    assert "请回电" in lists


async def test_trainers_see_marked_exchanges_masked(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了，电话 13800138000")
    li = await desk.browser("li")
    html = (await li.get(f"/desk/conversations/{OPENID}"))[1]
    moment = re.search(r'name="moment" value="([^"]+)"', html)
    assert moment
    await li.post(f"/desk/conversations/{OPENID}/mark", moment=moment[1])
    await li.post(f"/desk/conversations/{OPENID}/take")
    await li.reply("可以免费换拉链")
    await with_one_of_each_role(desk)
    marked = (await (await desk.browser("the-trainer")).get("/desk/marked"))[1]
    assert "拉链坏了" in marked
    assert "可以免费换拉链" in marked
    assert "13800138000" not in marked
