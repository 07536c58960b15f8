"""Media of one account: what it uploaded and what followers sent, each for three days.

Source: WeChat's pages 新增临时素材 and 获取临时素材.
"""

from dataclasses import dataclass, field
from typing import Literal

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.ids import Ids

MediaKind = Literal["image", "voice", "video", "thumb"]

LIFE_SECONDS = 3 * 86400

LARGEST = {
    "image": (10 * 2**20, 40009),
    "voice": (2 * 2**20, 40010),
    "video": (10 * 2**20, 40011),
    "thumb": (64 * 2**10, 40012),
}
"""Bytes of each kind, and the code for more."""

FORMATS = {
    "image": frozenset({"png", "jpg", "gif"}),
    "voice": frozenset({"amr", "mp3"}),
    "video": frozenset({"mp4"}),
    "thumb": frozenset({"jpg"}),
}

CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "amr": "audio/amr",
    "mp3": "audio/mp3",
    "mp4": "video/mp4",
}

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
)


@dataclass(frozen=True)
class Media:
    """One file. ``made_at`` in Unix seconds; ``format`` is what its bytes say, not its name."""

    id: str
    kind: str
    format: str
    content: bytes
    made_at: float

    @property
    def filename(self) -> str:
        """The name that a download gets."""
        return f"{self.id}.{self.format}"

    @property
    def content_type(self) -> str:
        """The MIME type."""
        return CONTENT_TYPES[self.format]


@dataclass
class MediaShelf:
    """The files of one account."""

    ids: Ids
    kept: dict[str, Media] = field(default_factory=dict)

    def add(self, kind: str, content: bytes, now: float) -> Media:
        """Keep a file. Raises Refusal: 40004 kind, 44001 empty, 40005 format, 40009 to 40012 size."""
        if kind not in FORMATS:
            raise Refusal(40004)
        if not content:
            raise Refusal(44001)
        largest, too_large = LARGEST[kind]
        if len(content) > largest:
            raise Refusal(too_large)
        found = format_of(content)
        if found not in FORMATS[kind]:
            raise Refusal(40005)
        self._drop_old(now)
        media = Media(self.ids.media(), kind, found, content, now)
        self.kept[media.id] = media
        return media

    def find(self, media_id: object, now: float, *kinds: str) -> Media:
        """The file of this id, of one of these kinds if any are given. Raises Refusal 40007: unknown or too old."""
        media = self.kept.get(str(media_id))
        if media is None or now - media.made_at >= LIFE_SECONDS:
            raise Refusal(40007)
        if kinds and media.kind not in kinds:
            raise Refusal(40007)
        return media

    def has(self, media_id: object, now: float, *kinds: str) -> bool:
        """Whether ``find`` would find it."""
        try:
            self.find(media_id, now, *kinds)
        except Refusal:
            return False
        return True

    def _drop_old(self, now: float) -> None:
        self.kept = {i: m for i, m in self.kept.items() if now - m.made_at < LIFE_SECONDS}


def format_of(content: bytes) -> str:
    """The format that a file's first bytes tell, empty for an unknown one."""
    if content[4:8] == b"ftyp":
        return "mp4"
    return next((name for start, name in _BEGINNINGS if content.startswith(start)), "")
