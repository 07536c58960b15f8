"""``bida backup`` and ``restore``: one file with the store's data and the media, proved whole before it is used."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from redis.asyncio import Redis

from connectors.store import versions
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.embedded import EmbeddedStore, copy_of
from connectors.store.keys import DATA_VERSION
from connectors.store.portable import PAGE, account_of, as_text, from_text, lines, put_back
from connectors.store.repair import Repair
from connectors.store.sentinel import open_redis
from connectors.store.snapshot import save_snapshot
from connectors.supervisor import Supervisor

FORMAT = 1
STORE, MEDIA, MANIFEST = "store.jsonl", "media", "manifest.json"
LOAD_SECONDS = 600.0
CHUNK = 1024 * 1024


class BackupFault(Exception):
    """A backup cannot be written, read or put back; the message is one sentence that says why."""


@dataclass
class Manifest:
    """What a backup holds: SHA-256 of each file in it, and the version of its data."""

    made_at: float
    data_version: int
    keys: int = 0
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


async def backup(redis_url: str, media: Path, file: Path) -> Manifest:
    """Write everything to ``file``, as it stands at one moment. Raises BackupFault and StoreDown."""
    _check_free(file)
    with tempfile.TemporaryDirectory(prefix=".bida-backup-", dir=file.parent) as folder:
        async with _stopped_copy(redis_url, Path(folder)) as copy:
            manifest = await _export(copy, Path(folder) / STORE)
        part = Path(folder) / "archive"
        _pack(manifest, Path(folder) / STORE, media, part)
        part.replace(file)
    return manifest


def _check_free(file: Path) -> None:
    if file.exists():
        raise BackupFault(f"{file} is there already: choose another name.")


@asynccontextmanager
async def _stopped_copy(redis_url: str, folder: Path) -> AsyncIterator[Redis]:
    """A server of our own with the data as they were at one moment, which nobody changes."""
    connection, copy = Connection(redis_url), folder / "copy"
    copy.mkdir()
    try:
        await save_snapshot(connection.redis, copy / "dump.rdb")
    finally:
        await connection.close()
    supervisor, store = Supervisor(folder, say=lambda _: None), EmbeddedStore.in_folder(copy)
    try:
        await supervisor.start(copy_of(store), ready_seconds=LOAD_SECONDS)
        async with _client(store.url) as redis:
            yield redis
    finally:
        await supervisor.stop()
        store.remove()


async def _export(redis: Redis, file: Path) -> Manifest:
    version = await redis.get(DATA_VERSION)
    if version is not None and not version.isdigit():
        raise BackupFault(
            "The store holds a restore that was not finished: there is no backup of it."
        )
    manifest = Manifest(time.time(), int(version or versions.FIRST))
    with file.open("w", encoding="ascii") as out:
        async for line in lines(redis):
            out.write(as_text(line))
            manifest.keys += 1
    return manifest


def _pack(manifest: Manifest, store: Path, media: Path, part: Path) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
            with store.open("rb") as content:
                _add(archive, manifest, STORE, content)
            for path in _files(media):
                # Erased since it was listed: then it does not belong into the backup.
                if path.exists():
                    name = f"{MEDIA}/{path.relative_to(media).as_posix()}"
                    _add(archive, manifest, name, io.BytesIO(path.read_bytes()))
            told = json.dumps(asdict(manifest), indent=1).encode()
            archive.addfile(_entry(MANIFEST, len(told)), io.BytesIO(told))
        out.flush()
        os.fsync(out.fileno())


def _add(archive: tarfile.TarFile, manifest: Manifest, name: str, content: IO[bytes]) -> None:
    manifest.files[name] = _digest(content)
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    archive.addfile(_entry(name, size), content)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
    return entry


def _files(media: Path) -> Iterator[Path]:
    if media.is_dir():
        yield from sorted(path for path in media.rglob("*") if path.is_file())


async def restore(redis_url: str, media: Path, file: Path) -> Manifest:
    """Put a backup back into an empty store. Raises BackupFault, before anything is written, and StoreDown."""
    manifest = checked(file)
    if next(_files(media), None):
        raise BackupFault(f"{media} is not empty: a restore goes into an empty MEDIA_DIR only.")
    async with _client(redis_url) as redis:
        with reaching_the_store():
            if await redis.dbsize():
                raise BackupFault(
                    "The store is not empty: a restore goes into an empty store only."
                )
            await redis.set(DATA_VERSION, versions.RESTORING)
            accounts = await _put_back(redis, file, media)
    await _repaired(redis_url, accounts)
    async with _client(redis_url) as redis:
        with reaching_the_store():
            await redis.set(DATA_VERSION, manifest.data_version)
    return manifest


async def _put_back(redis: Redis, file: Path, media: Path) -> set[str]:
    accounts: set[str] = set()
    with _opened(file) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None or entry.name == MANIFEST:
                continue
            if entry.name == STORE:
                accounts = await _import(redis, content)
            else:
                _write(media / PurePosixPath(entry.name).relative_to(MEDIA), content)
    return accounts


async def _import(redis: Redis, content: IO[bytes]) -> set[str]:
    accounts: set[str] = set()
    pipe = redis.pipeline(transaction=False)
    for text in io.TextIOWrapper(content, encoding="ascii"):
        line = from_text(text)
        if line["key"] == DATA_VERSION:
            continue
        put_back(pipe, line)
        if account := account_of(line["key"]):
            accounts.add(account)
        if len(pipe) >= PAGE:
            await pipe.execute()
    await pipe.execute()
    return accounts


async def _repaired(redis_url: str, accounts: set[str]) -> None:
    connection = Connection(redis_url)
    try:
        for account in sorted(accounts):
            await Repair(connection, account).run()
    finally:
        await connection.close()


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        while data := content.read(CHUNK):
            out.write(data)


def checked(file: Path) -> Manifest:
    """What the backup holds, once every byte of it has been compared with its checksum. Raises BackupFault."""
    found: dict[str, str] = {}
    told = b""
    with _opened(file) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None or not _is_ours(entry.name):
                raise BackupFault(f"{file} is no backup of Bida: it holds {entry.name}.")
            if entry.name == MANIFEST:
                told = content.read()
            else:
                found[entry.name] = _digest(content)
    return _matching(file, told, found)


def _matching(file: Path, told: bytes, found: dict[str, str]) -> Manifest:
    try:
        manifest = Manifest(**json.loads(told))
    except (ValueError, TypeError) as error:
        raise BackupFault(f"{file} is damaged or no backup of Bida: its end is missing.") from error
    if manifest.format != FORMAT or manifest.data_version > versions.CURRENT:
        raise BackupFault(
            f"{file} was made by a newer program (data version {manifest.data_version}, and this program"
            f" knows {versions.CURRENT} at most): restore it with that one."
        )
    if found != manifest.files:
        wrong = sorted(
            name for name in found | manifest.files if found.get(name) != manifest.files.get(name)
        )
        raise BackupFault(f"{file} is damaged: the checksum of {wrong[0]} is wrong.")
    return manifest


def _is_ours(name: str) -> bool:
    """Nothing in an archive may be written anywhere but below the media's folder."""
    path = PurePosixPath(name)
    in_media = path.parts[:1] == (MEDIA,) and len(path.parts) > 1 and ".." not in path.parts
    return name in {STORE, MANIFEST} or in_media


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupFault(f"{file} is damaged or no backup of Bida: {error}.") from error


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while data := content.read(CHUNK):
        digest.update(data)
    content.seek(0)
    return digest.hexdigest()


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[Redis]:
    redis = open_redis(url, decode_responses=True, encoding_errors="surrogateescape")
    try:
        yield redis
    finally:
        await redis.aclose()
