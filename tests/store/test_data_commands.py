"""The commands about the data, called where no installation runs: they start the store for as long as they need it."""

from pathlib import Path

import pytest

from connectors.cli.commands import main
from connectors.cli.demo import demo_file


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """Where a demo's data lie that was never started."""
    demo_file(tmp_path / "demo.env")
    return tmp_path


def bida(var: Path, *arguments: str) -> int:
    """Call the command line about this demo."""
    return main([*arguments, "--demo", "--var", str(var)])


def test_what_was_forgotten_and_backed_up_comes_back_into_an_empty_store_only(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bida(var, "forget", "oFollower1") == 0
    assert "a receipt that names nobody" in capsys.readouterr().out
    assert bida(var, "backup", str(var / "b.tar.gz")) == 0
    assert "keep it as safe as the store" in capsys.readouterr().out
    assert bida(var, "restore", str(var / "b.tar.gz")) == 1
    assert capsys.readouterr().err == (
        "The store is not empty: a restore goes into an empty store only.\n"
    )
    (var / "store").rename(var / "old store")
    assert bida(var, "restore", str(var / "b.tar.gz")) == 0
    assert "forget them again" in capsys.readouterr().out
    assert bida(var, "repair") == 0
    assert "rebuilt" in capsys.readouterr().out
    assert not (var / "store" / "address").exists()


def test_a_missing_backup_is_one_sentence(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bida(var, "restore", str(var / "nothing.tar.gz")) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_store_that_does_not_answer_is_one_sentence(
    var: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:1")
    assert bida(var, "repair") == 1
    said = capsys.readouterr().err
    assert "127.0.0.1:1 does not answer" in said
    assert "secret" not in said
