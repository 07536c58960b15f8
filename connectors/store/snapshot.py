"""A consistent copy of a running Redis: what it would give a replica, without stopping it or writing on its disk."""

import asyncio
from pathlib import Path
from typing import BinaryIO

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.ports import StoreDown
from connectors.store.connection import reaching_the_store

PATIENCE_SECONDS = 60.0
"""How long Redis may be silent before or within its copy: it forks first, which takes long with much memory."""

CHUNK = 256 * 1024
MARK_BYTES = 40


async def save_snapshot(redis: Redis, file: Path) -> None:
    """Write the copy, an RDB file, to ``file``. Raises StoreDown when Redis cannot or may not give one.

    The protocol is that of replication: ``SYNC`` is answered with a length or with an end mark, then the bytes.
    """
    with reaching_the_store():
        connection = await redis.connection_pool.get_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.send_command("REPLCONF", "capa", "eof")
            await connection.read_response()
            await connection.send_command("SYNC")
            reader = connection._reader
            head = await _line(reader)
            with file.open("wb") as out:
                await _body(reader, head, out)
        except (ResponseError, asyncio.IncompleteReadError, TimeoutError) as error:
            raise StoreDown(f"Redis gave no copy of its data: {error}") from error
        finally:
            # What comes after the copy is a replica's feed: nobody may use this connection again.
            await connection.disconnect()
            await redis.connection_pool.release(connection)


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The announcement of the copy; bare line ends before it say only that Redis is still alive."""
    while True:
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = (await reader.readline()).strip()
        if line.startswith(b"$"):
            return line[1:]
        if line:
            raise StoreDown(f"Redis gave no copy of its data: {line.decode(errors='replace')}")
        if reader.at_eof():
            raise StoreDown("Redis hung up instead of giving a copy of its data")


async def _body(reader: asyncio.StreamReader, head: bytes, out: BinaryIO) -> None:
    if head.startswith(b"EOF:"):
        await _until(reader, head[4:], out)
        return
    left = int(head)
    while left:
        data = await _some(reader, min(left, CHUNK))
        out.write(data)
        left -= len(data)


async def _until(reader: asyncio.StreamReader, mark: bytes, out: BinaryIO) -> None:
    """Copy up to the mark, which may come in two pieces."""
    tail = b""
    while not tail.endswith(mark):
        out.write(tail[:-MARK_BYTES])
        tail = tail[-MARK_BYTES:] + await _some(reader, CHUNK)
    out.write(tail[: -len(mark)])


async def _some(reader: asyncio.StreamReader, most: int) -> bytes:
    async with asyncio.timeout(PATIENCE_SECONDS):
        data = await reader.read(most)
    if not data:
        raise StoreDown("Redis hung up within the copy of its data")
    return data
