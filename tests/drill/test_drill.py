"""A short drill: processes die while followers talk. ``make drill`` does the same for long, with the real brain too."""

from pathlib import Path

import pytest

from tests.drill.report import told
from tests.drill.run import Drill, Plan

KILLS = 16


@pytest.mark.timeout(400)
async def test_nothing_is_lost_or_doubled_while_processes_die(tmp_path: Path) -> None:
    drill = Drill(Plan("A short drill", KILLS, seconds=120, followers=6), tmp_path, print)
    verdict = await drill.run()
    assert len(drill.kills) == KILLS
    assert not verdict.broken, "\n".join(told("A short drill", drill.kills, verdict))
    assert verdict.messages > KILLS
