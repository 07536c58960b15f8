"""What a real account still lacks before followers are answered: asked of WeChat itself, one finding a subject.

Nothing is sent to anybody and nothing is changed: the token is the one that all processes share (``stable_token``), and
rights are told from how WeChat refuses a call that could not succeed.
"""

import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.live import FileError
from connectors.settings import Settings
from connectors.wechat.api import Api, ApiError, CutOff, NotSent
from connectors.wechat.library import sign
from connectors.wechat.menu import menu_body, outline
from connectors.wechat.token import FetchedToken, TokenUnavailable, ask_for_token

TIMEOUT = ClientTimeout(total=10, connect=4)

BASICS = "设置与开发 › 基本配置"
"""Where WeChat's console (mp.weixin.qq.com) keeps what a developer sets; newer accounts: 微信开发者平台."""

TOKEN_FAULTS: Mapping[int, str] = {
    40001: "WECHAT_APP_SECRET is not this account's: copy the AppSecret again, or reset it under {basics}",
    40013: "WECHAT_APP_ID is no account's: copy the AppID from {basics}",
    40125: "WECHAT_APP_SECRET is wrong: copy the AppSecret again, or reset it under {basics}",
    40164: "WeChat does not know this machine's address {address}: add it under {basics} › IP白名单",
    40243: "the AppSecret is frozen: the owner has to thaw it under {basics}",
    41002: "WECHAT_APP_ID is empty",
    41004: "WECHAT_APP_SECRET is empty",
    45009: "today's quota of tokens is used up: find out what else asks for tokens of this account",
    50007: "WeChat has frozen the account: its owner finds the reason in the console",
    89503: "WeChat asks the account's owner to allow this machine: answer its message, then check again",
    89506: "the owner refused this machine twice: WeChat asks again after 24 hours",
    89507: "the owner refused this machine: WeChat asks again after an hour",
}
"""What to do about each refusal of a token (global return codes)."""

NOT_ALLOWED = 48001
NOBODY = 40003
NO_MENU = 46003
NO_ANSWER = (NotSent, CutOff, TokenUnavailable)
STRANGER = "nobody-follows-under-this-id"
"""An openid that cannot exist: an account with the right is told so (40003), one without it is refused (48001)."""


@dataclass(frozen=True)
class Finding:
    """One line: about what, whether it is there, and what to do if not. ``unknown``: it could not be found out."""

    subject: str
    state: Literal["ok", "missing", "unknown"]
    words: str


@dataclass(frozen=True)
class Checkup:
    """The check of one account; ``path`` is where its callback is served."""

    settings: Settings
    session: ClientSession
    menu_file: Path
    path: str = "/wechat"

    async def findings(self) -> AsyncIterator[Finding]:
        """All findings, as they come in; without a token there is nothing more to ask WeChat."""
        yield self._mode()
        yield await self._callback()
        token = await self._token()
        if isinstance(token, Finding):
            yield token
            yield Finding("the rest", "unknown", "WeChat tells nothing more without a token")
            return
        yield Finding("token", "ok", "WeChat gives this machine a token")
        api = Api(self.session, self.settings.wechat_api_url, FetchedToken(token))
        yield await self._reachable(api)
        yield await self._may_send(api)
        yield await self._menu(api)

    def _mode(self) -> Finding:
        if self.settings.mode == "safe":
            return Finding("messages", "ok", "they come encrypted (安全模式)")
        if self.settings.wechat_account_kind == "test":
            return Finding("messages", "ok", "they come in plain text, as a test account has it")
        return Finding(
            "messages",
            "missing",
            "they travel in plain text, and whoever overhears one can forge others: choose 安全模式 under"
            f" {BASICS} and set WECHAT_ENCODING_AES_KEY",
        )

    async def _callback(self) -> Finding:
        """Play WeChat's own verification against the public address, through proxy and TLS."""
        public, subject = self.settings.public_url, "address"
        if public is None:
            return Finding(
                subject, "unknown", "set PUBLIC_URL (https://your.host) to have the address tried"
            )
        url, echo = public + self.path, secrets.token_hex(8)
        stamp, nonce = str(int(time.time())), secrets.token_hex(8)
        signature = sign(self.settings.wechat_token.get_secret_value(), stamp, nonce)
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
        try:
            async with self.session.get(
                url, params=query, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                body, status = await response.text(errors="replace"), response.status
        except (ClientError, TimeoutError) as error:
            why = f"{url} cannot be reached ({type(error).__name__}): is `bida serve` running, and the proxy?"
            return Finding(subject, "missing", why)
        if status == 200 and body == echo:
            return Finding(subject, "ok", f"{url} answers as WeChat wants it")
        return Finding(subject, "missing", f"{url} {_wrong_answer(status)}")

    async def _token(self) -> str | Finding:
        settings, url = self.settings, self.settings.wechat_api_url
        secret = settings.wechat_app_secret.get_secret_value()
        try:
            answer = await ask_for_token(self.session, url, settings.wechat_app_id, secret)
        except (ClientError, TimeoutError, ValueError) as error:
            why = f"{url} does not answer ({type(error).__name__}): may this machine go out?"
            return Finding("token", "missing", why)
        if "access_token" in answer:
            return str(answer["access_token"])
        return Finding("token", "missing", token_fault(answer))

    async def _reachable(self, api: Api) -> Finding:
        """WeChat's own look at the address that is entered in its console (callback/check)."""
        subject, body = "WeChat's view", {"action": "all", "check_operator": "DEFAULT"}
        try:
            answer = await api.call("post", "/cgi-bin/callback/check", body)
        except (ApiError, *NO_ANSWER) as error:
            what = f"WeChat would not look ({error}): enter the address under {BASICS} › 服务器配置 and enable it"
            return Finding(subject, "missing", what)
        if not answer.get("dns"):
            what = f"WeChat cannot resolve the host that is entered under {BASICS} › 服务器配置"
            return Finding(subject, "missing", what)
        if _lost_all(answer.get("ping") or ()):
            what = "WeChat finds the host and gets no answer from it: open ports 80 and 443 to the internet"
            return Finding(subject, "missing", what)
        return Finding(subject, "ok", "WeChat finds the host of the address and reaches it")

    async def _may_send(self, api: Api) -> Finding:
        """Whether customer-service messages are allowed, and whether the settings know it."""
        body = {"touser": STRANGER, "command": "Typing"}
        errcode = await _errcode(api, "post", "/cgi-bin/message/custom/typing", body)
        kind, subject = self.settings.wechat_account_kind, "late answers"
        if errcode not in (0, NOBODY, NOT_ALLOWED):
            return Finding(subject, "unknown", f"WeChat answers with {errcode}")
        may = errcode != NOT_ALLOWED
        if may and self.settings.may_send:
            return Finding(subject, "ok", "the account may send customer-service messages")
        if may:
            why = (
                f"the account may send, but WECHAT_ACCOUNT_KIND is {kind}: set what the account is"
            )
            return Finding(subject, "missing", why)
        if self.settings.may_send:
            why = (
                f"the account may not send customer-service messages, but WECHAT_ACCOUNT_KIND is {kind}:"
                " have it verified (微信认证), or set what it is"
            )
            return Finding(subject, "missing", why)
        why = f"{kind} may not send: a late answer rides on WeChat's repeats or the next contact"
        return Finding(subject, "ok", why)

    async def _menu(self, api: Api) -> Finding:
        subject = "menu"
        try:
            wanted = outline(menu_body(self.menu_file)["button"])
        except (FileError, OSError) as error:
            return Finding(subject, "missing", str(error))
        try:
            there = await menu_there(api)
        except ApiError as error:
            if error.errcode == NOT_ALLOWED:
                return Finding(subject, "ok", "this kind of account may have none")
            return Finding(subject, "unknown", f"WeChat answers with {error.errcode}")
        except NO_ANSWER as error:
            return Finding(subject, "unknown", f"WeChat does not answer ({error})")
        if outline(there) == wanted:
            return Finding(subject, "ok", "WeChat shows the one of menu.yml")
        is_other = "WeChat shows another one than menu.yml's" if there else "there is none"
        return Finding(subject, "missing", f"{is_other}: `bida wechat menu push` brings it")


async def menu_there(api: Api) -> Sequence[dict[str, Any]]:
    """The buttons that WeChat shows now; none where no menu was made. Raises what ``Api.call`` raises."""
    try:
        answer = await api.call("get", "/cgi-bin/menu/get", {})
    except ApiError as error:
        if error.errcode == NO_MENU:
            return ()
        raise
    buttons: Sequence[dict[str, Any]] = (answer.get("menu") or {}).get("button") or ()
    return buttons


async def _errcode(api: Api, method: str, path: str, body: dict[str, Any]) -> int | str:
    """The code of a call that is meant to be refused; the fault's name where no code came."""
    try:
        await api.call(method, path, body)
    except ApiError as error:
        return error.errcode
    except NO_ANSWER as error:
        return str(error)
    return 0


def token_fault(answer: Mapping[str, Any]) -> str:
    """Why WeChat gives no token, and what to do."""
    errcode, message = answer.get("errcode"), str(answer.get("errmsg", ""))
    known = TOKEN_FAULTS.get(errcode) if isinstance(errcode, int) else None
    if known is None:
        return f"WeChat gives none: {errcode} {message}"
    address = re.search(r"\d+\.\d+\.\d+\.\d+", message)
    told = known.format(basics=BASICS, address=address[0] if address else "")
    return f"{told} ({errcode})"


def _wrong_answer(status: int) -> str:
    if status in (301, 302, 307, 308):
        return "redirects, which WeChat does not follow: let the proxy serve exactly this address"
    if status == 403:
        return "refuses: WECHAT_TOKEN is another than the running connector's, or a clock is wrong"
    if status == 404:
        return "is not there: let the proxy pass the path on as it is"
    if status in (502, 503, 504):
        return f"answers {status}: the proxy does not reach the connector"
    return f"answers {status} instead of WeChat's echo: something else stands before the connector"


def _lost_all(pings: Sequence[Mapping[str, Any]]) -> bool:
    return bool(pings) and all(str(each.get("package_loss")) == "100%" for each in pings)
