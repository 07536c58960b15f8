"""Edited files are read again, and a broken edit changes nothing."""

import os
from pathlib import Path

import pytest

from bot.live import FileError, Live


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a number."""
    path = tmp_path / "number.yml"
    path.write_text("1")
    return path


def live(file: Path, watch: Watch, loads: list[str] | None = None) -> Live[int]:
    """The number in the file; ``loads`` remembers each reading."""

    def load() -> int:
        text = file.read_text()
        if loads is not None:
            loads.append(text)
        if not text.isdigit():
            raise FileError(f"{file}:1: must be a number")
        return int(text)

    return Live(lambda: [file], load, clock=watch)


def edit(file: Path, text: str) -> None:
    """Write, with a date that differs from the one before."""
    before = file.stat().st_mtime_ns
    file.write_text(text)
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))


def test_an_edit_is_read_within_a_second(file: Path) -> None:
    watch = Watch()
    number = live(file, watch)
    edit(file, "2")
    watch.seconds = 0.9
    assert number.value == 1
    watch.seconds = 1.0
    assert number.value == 2


def test_an_unchanged_file_is_not_read_again(file: Path) -> None:
    watch, loads = Watch(), list[str]()
    number = live(file, watch, loads)
    for watch.seconds in range(1, 10):
        assert number.value == 1
    assert loads == ["1"]


def test_a_broken_edit_keeps_the_last_good_version_and_is_told_once(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch()
    number = live(file, watch)
    edit(file, "one")
    for watch.seconds in range(1, 5):
        assert number.value == 1
    assert [record.message for record in caplog.records] == [
        f"Kept the last good version: {file}:1: must be a number"
    ]
    edit(file, "3")
    watch.seconds = 6
    assert number.value == 3


def test_a_lost_file_keeps_the_last_good_version(file: Path) -> None:
    watch = Watch()
    number = live(file, watch)
    file.unlink()
    watch.seconds = 1
    assert number.value == 1


def test_a_file_broken_at_the_start_stops_it(file: Path) -> None:
    file.write_text("one")
    with pytest.raises(FileError, match="must be a number"):
        live(file, Watch())
