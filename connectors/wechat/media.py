"""Pictures, voices and videos of followers: fetched at once, for WeChat deletes them after three days.

Fetching never holds up an answer: a step only writes down that a file is wanted, and whoever runs ``MediaKeeper``
fetches it. Source: WeChat's page 获取临时素材; that videos come as an address is by long practice.
"""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from redis.exceptions import RedisError

from bot.clock import Clock
from bot.messages import Media
from bot.ports import StoreDown
from connectors.metrics import MEDIA
from connectors.store.media import MediaShelf, Record, State, Wanted
from connectors.store.retention import FOR_HALF_A_YEAR, Retention
from connectors.wechat.api import TOKEN_FAULTS
from connectors.wechat.token import Tokens, TokenUnavailable

log = structlog.get_logger()

AT_ONCE = 3
"""So many files are fetched at the same time by one process: a flood of pictures waits in line."""

MOST_OF_ONE = 200
"""More files than this are not kept of one follower."""

RETRY_SECONDS = (5.0, 60.0, 600.0, 3600.0)
"""Pauses before further tries; WeChat keeps the file for three days."""

IDLE_SECONDS = 1.0
SWEEP_SECONDS = 86400.0
TIMEOUT = ClientTimeout(total=60, connect=3, sock_read=10)
CHUNK_BYTES = 256 * 1024
ANSWER_BYTES = 64 * 1024
PASSING = frozenset({-1, 45009, 45011})
"""Busy, or a quota is used up."""

PICTURE_HOSTS = ("qpic.cn", "qlogo.cn", "weixin.qq.com")
"""Where WeChat's own public pictures lie; no other address that a push names is asked."""


class Unfetchable(Exception):
    """The file cannot be had, now or later, and why."""


class Later(Exception):
    """The file could not be had this time."""


@dataclass(frozen=True)
class MediaSource:
    """Where the files of one account come from. ``limit`` in bytes; ``may_fetch``: the account may use media/get."""

    session: ClientSession
    api_url: str
    tokens: Tokens
    may_fetch: bool
    limit: int

    async def fetch(self, media: Media, path: Path) -> None:
        """Write the file to ``path``. Raises Unfetchable or Later."""
        try:
            await self._fetched(media, path)
        except (ClientError, TimeoutError, TokenUnavailable, StoreDown) as error:
            raise Later(type(error).__name__) from error

    async def _fetched(self, media: Media, path: Path) -> None:
        if media.id and self.may_fetch:
            await self._by_id(media.id, path)
        elif media.url and self._is_wechats(media.url):
            await self._by_address(media.url, path)
        else:
            raise Unfetchable("this account may not fetch it")

    async def _by_id(self, id: str, path: Path) -> None:
        token = await self.tokens.token()
        errcode, address = await self._asked(id, token, path)
        if errcode in TOKEN_FAULTS:
            token = await self.tokens.token(refused=token)
            errcode, address = await self._asked(id, token, path)
        if errcode in TOKEN_FAULTS | PASSING:
            raise Later(f"errcode {errcode}")
        if errcode:
            raise Unfetchable(f"errcode {errcode}")
        if address:
            await self._by_address(address, path)

    async def _asked(self, id: str, token: str, path: Path) -> tuple[int, str]:
        """Write the file; or else WeChat's errcode, or the address that it gives instead."""
        url, params = f"{self.api_url}/cgi-bin/media/get", {"access_token": token, "media_id": id}
        async with self.session.get(url, params=params, timeout=TIMEOUT) as response:
            response.raise_for_status()
            if response.content_type not in ("application/json", "text/plain"):
                await self._save(response, path)
                return 0, ""
            return _said(await response.content.read(ANSWER_BYTES))

    async def _by_address(self, url: str, path: Path) -> None:
        async with self.session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
            if response.status != 200:
                raise Later(f"HTTP status {response.status}")
            await self._save(response, path)

    async def _save(self, response: ClientResponse, path: Path) -> None:
        if (response.content_length or 0) > self.limit:
            raise Unfetchable("too large")
        part = path.with_suffix(".part")
        with await asyncio.to_thread(_opened, part) as file:
            await self._copy(response, file)
        part.replace(path)

    async def _copy(self, response: ClientResponse, file: BinaryIO) -> None:
        size = 0
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            size += len(chunk)
            if size > self.limit:
                raise Unfetchable("too large")
            await asyncio.to_thread(file.write, chunk)
        if not size:
            raise Later("an empty file")

    def _is_wechats(self, url: str) -> bool:
        """Whether it is an address of WeChat's: a forged push must not make us ask any other."""
        address, api = urlsplit(url), urlsplit(self.api_url)
        host = address.hostname or ""
        is_picture = any(host == each or host.endswith(f".{each}") for each in PICTURE_HOSTS)
        return address.scheme in ("http", "https") and (is_picture or address.netloc == api.netloc)


@dataclass
class MediaKeeper:
    """Fetches what is wanted into ``folder``, and deletes it again; implements ``bot.ports.Media``."""

    shelf: MediaShelf
    source: MediaSource
    folder: Path
    clock: Clock
    retention: Retention = FOR_HALF_A_YEAR
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """Begin no more fetching; ``run`` returns when what is at hand is done."""
        self._stopping.set()

    async def run(self) -> None:
        """Fetch until stopped."""
        await asyncio.gather(self._sweep(), *(self._serve() for _ in range(AT_ONCE)))

    async def fetch_next(self) -> bool:
        """Fetch one file; False when none is wanted now. Raises StoreDown."""
        wanted = await self.shelf.take(self.clock.now())
        if wanted is None:
            return False
        state, why, again_at = await self._fetched(wanted)
        MEDIA.labels(state).inc()
        is_known = await self.shelf.note(wanted, state, why, again_at)
        if state is not State.KEPT or not is_known:
            await asyncio.to_thread(self._delete, [wanted.record.file])
        return True

    async def keep(self, openid: str, key: str, content: bytes) -> None:
        """Keep an agent's picture for a follower with the follower's own, under ``key``. Raises StoreDown, OSError.

        Kept again, perhaps at the same moment, it is one file.
        """
        drafted = Record(Media(""), "image", secrets.token_hex(16), State.KEPT)
        # Written down first, so that erasing always finds it.
        record = await self.shelf.add(openid, key, drafted, self.retention.media_seconds)
        await asyncio.to_thread(_write, self.path(record.file), content)
        if await self.shelf.find(openid, key) is None:
            await asyncio.to_thread(self._delete, [record.file])

    async def drop(self, openid: str, key: str) -> None:
        """Delete one file and what is known of it. Raises StoreDown."""
        if record := await self.shelf.find(openid, key):
            await self.shelf.drop(openid, key)
            await asyncio.to_thread(self._delete, [record.file])

    async def content(self, openid: str, key: str) -> bytes | None:
        """A kept file; None if it is not here. Raises StoreDown."""
        record = await self.shelf.find(openid, key)
        if record is None or record.state is not State.KEPT:
            return None
        with contextlib.suppress(FileNotFoundError):
            return await asyncio.to_thread(self.path(record.file).read_bytes)
        return None

    async def erase(self, openid: str) -> None:
        """Delete all files of a follower, and then what is known of them. Raises StoreDown."""
        records = await self.shelf.all_of(openid)
        await self.shelf.forget(openid)
        await asyncio.to_thread(self._delete, [record.file for record in records.values()])

    def path(self, file: str) -> Path:
        """Where a file lies; two letters of its name spread them over folders."""
        return self.folder / file[:2] / file

    async def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                if not await self.fetch_next():
                    await self._pause(IDLE_SECONDS)
            except (StoreDown, RedisError, OSError) as error:
                log.warning("media.not_fetched", why=type(error).__name__)
                await self._pause(IDLE_SECONDS)

    async def _fetched(self, wanted: Wanted) -> tuple[State, str, float | None]:
        """What became of it: the state, why, and when to try again."""
        try:
            if await self.shelf.count(wanted.openid) > MOST_OF_ONE:
                raise Unfetchable("too many files of one follower")
            await self.source.fetch(wanted.record.media, self.path(wanted.record.file))
        except Unfetchable as error:
            log.warning("media.unfetchable", message=wanted.key, why=str(error))
            return State.FAILED, str(error), None
        except Later as error:
            if wanted.record.tries >= len(RETRY_SECONDS):
                log.warning("media.given_up", message=wanted.key, why=str(error))
                return State.FAILED, str(error), None
            pause = RETRY_SECONDS[wanted.record.tries]
            return State.WANTED, str(error), self.clock.now() + pause
        return State.KEPT, "", None

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _sweep(self) -> None:
        """Delete, once a day, the files whose records have ended their life."""
        while not self._stopping.is_set():
            await asyncio.to_thread(self._delete_old, time.time() - self.retention.media_seconds)
            await self._pause(SWEEP_SECONDS)

    def _delete(self, files: Iterable[str]) -> None:
        for file in files:
            path = self.path(file)
            path.unlink(missing_ok=True)
            path.with_suffix(".part").unlink(missing_ok=True)

    def _delete_old(self, before: float) -> None:
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()


def type_of(head: bytes) -> str:
    """The media type by a file's first bytes, whatever anybody says of it; ``application/octet-stream`` if unknown."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "video/mp4" if head[4:8] == b"ftyp" else "application/octet-stream"


_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
)


def type_of_file(path: Path) -> str:
    """The media type of a file that lies here. Raises OSError."""
    with path.open("rb") as file:
        return type_of(file.read(16))


def _write(path: Path, content: bytes) -> None:
    """Write a file that is not emptied first: whoever writes or reads it at the same moment has the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        file.write(content)


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")


def _said(answer: bytes) -> tuple[int, str]:
    """The errcode in WeChat's answer, or the address of a video. Raises Later for what is neither."""
    try:
        fields = json.loads(answer)
        return int(fields.get("errcode") or 0), str(fields.get("video_url") or "")
    except (ValueError, AttributeError, TypeError) as error:
        raise Later("an unreadable answer") from error
