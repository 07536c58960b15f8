"""``bida wechat``: what a real account still lacks, and its menu."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiohttp import ClientError, ClientSession

from connectors.cli import places
from connectors.cli.account import add_account_options, chosen_accounts, chosen_settings
from connectors.settings import Settings
from connectors.wechat.api import Api, ApiError
from connectors.wechat.checkup import NO_ANSWER, Checkup, Finding, menu_there, token_fault
from connectors.wechat.menu import menu_body, outline
from connectors.wechat.token import FetchedToken, ask_for_token

MENU = places.NLU_DATA / "brand" / "menu.yml"


class WechatFailed(Exception):
    """WeChat did not do what a command asked of it; the message is one sentence."""


def add_wechat_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``wechat check``, ``wechat menu push`` and ``wechat menu show`` to the command line."""
    wechat = commands.add_parser("wechat", help="the account at WeChat").add_subparsers(
        required=True
    )
    check = wechat.add_parser("check", help="what the account still lacks before it can answer")
    add_account_options(check)
    check.set_defaults(command=_check)
    menu = wechat.add_parser("menu", help="the menu at the bottom").add_subparsers(required=True)
    push = menu.add_parser("push", help=f"bring {MENU.name} to WeChat, in place of what is there")
    add_account_options(push)
    push.set_defaults(command=_push)
    show = menu.add_parser("show", help="the one that WeChat shows now")
    add_account_options(show)
    show.set_defaults(command=_show)


def _check(options: argparse.Namespace) -> int:
    settings, accounts = chosen_settings(options), chosen_accounts(options)
    name = settings.wechat_account_name
    path = f"/wechat/{name}" if name and len(accounts) > 1 else "/wechat"
    lacks = asyncio.run(_checked(settings, path))
    print("Nothing is missing." if not lacks else "What is marked as missing has to be done first.")
    return 1 if lacks else 0


async def _checked(settings: Settings, path: str) -> bool:
    """Print each finding as it comes; whether something is missing."""
    lacks = False
    async with _session() as session:
        async for finding in Checkup(settings, session, MENU, path).findings():
            print(_line(finding), flush=True)
            lacks = lacks or finding.state == "missing"
    return lacks


def _line(finding: Finding) -> str:
    return f"{finding.state:8} {finding.subject:14} {finding.words}"


def _push(options: argparse.Namespace) -> None:
    body, settings = menu_body(MENU), chosen_settings(options)
    asyncio.run(_pushed(settings, body))
    print("WeChat has the menu. Phones show it within minutes, at once after following anew.")


async def _pushed(settings: Settings, body: dict[str, Any]) -> None:
    async with _api(settings) as api:
        await api.call("post", "/cgi-bin/menu/create", body)


def _show(options: argparse.Namespace) -> None:
    lines = asyncio.run(_shown(chosen_settings(options)))
    print("\n".join(lines) or "There is none: `bida wechat menu push` brings one.")


async def _shown(settings: Settings) -> list[str]:
    async with _api(settings) as api:
        return outline(await menu_there(api))


@asynccontextmanager
async def _api(settings: Settings) -> AsyncIterator[Api]:
    """WeChat's API with a token fetched for this command. Raises WechatFailed for all that goes wrong meanwhile."""
    url, secret = settings.wechat_api_url, settings.wechat_app_secret.get_secret_value()
    async with _session() as session:
        try:
            answer = await ask_for_token(session, url, settings.wechat_app_id, secret)
            if "access_token" not in answer:
                raise WechatFailed(f"WeChat gives no token: {token_fault(answer)}.")
            yield Api(session, url, FetchedToken(str(answer["access_token"])))
        except (ApiError, *NO_ANSWER) as error:
            raise WechatFailed(
                f"WeChat refused ({error}): `bida wechat check` says more."
            ) from error
        except (ClientError, TimeoutError, ValueError) as error:
            raise WechatFailed(f"{url} does not answer ({type(error).__name__}).") from error


def _session() -> ClientSession:
    return ClientSession(json_serialize=partial(json.dumps, ensure_ascii=False))
