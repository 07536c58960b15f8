"""Which model is live, and which was before: a small file beside the models."""

import json
from dataclasses import dataclass
from pathlib import Path

RECORD = "live.json"
ENDING = ".tar.gz"

KEPT = 5
"""How many former models can be put back."""


class NoSuchModel(Exception):
    """There is no such model, or none to put back; the message says what there is."""


@dataclass(frozen=True)
class Record:
    """``live``: the model's name; ``before``: the former ones, the last first; ``refused``: passed over by choice."""

    live: str = ""
    before: tuple[str, ...] = ()
    refused: str = ""


def name_of(model: Path) -> str:
    """A model's name: its file's without the ending."""
    return model.name.removesuffix(ENDING)


@dataclass(frozen=True)
class Models:
    """The folder of the models; a model's name is the fingerprint of what it was trained on."""

    folder: Path

    def record(self) -> Record:
        """What is written down; empty when nothing is."""
        path = self.folder / RECORD
        if not path.exists():
            return Record()
        told = json.loads(path.read_text(encoding="utf-8"))
        return Record(told["live"], tuple(told["before"]), told["refused"])

    def path(self, name: str) -> Path:
        """Where a model lies."""
        return self.folder / f"{name}{ENDING}"

    def go_live(self, name: str, instead_of: str = "") -> None:
        """Make a model the live one; ``instead_of`` names one that must not come back by itself. Raises NoSuchModel."""
        now = self.record()
        if not self.path(name).exists():
            raise NoSuchModel(f"There is no model {name}; there are {', '.join(self.names())}.")
        before = [each for each in (now.live, *now.before) if each and each != name]
        refused = instead_of if instead_of != name else ""
        self._write(Record(name, tuple(before[:KEPT]), refused))

    def put_back(self) -> str:
        """Make the model before this one live again, and keep this one from coming back by itself.

        Returns its name. Raises NoSuchModel when there was none.
        """
        now = self.record()
        former = next((name for name in now.before if self.path(name).exists()), None)
        if former is None:
            raise NoSuchModel("There is no model from before to put back.")
        self._write(Record(former, tuple(n for n in now.before if n != former), now.live))
        return former

    def names(self) -> list[str]:
        """All models that are there, the newest first."""
        files = [path for path in self.folder.glob(f"*{ENDING}") if "unfinished" not in path.name]
        newest = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
        return [name_of(path) for path in newest]

    def _write(self, record: Record) -> None:
        unfinished = self.folder / f"{RECORD}.new"
        told = {"live": record.live, "before": list(record.before), "refused": record.refused}
        unfinished.write_text(json.dumps(told), encoding="utf-8")
        # In one step: a reader sees the old record or the new one.
        unfinished.replace(self.folder / RECORD)
