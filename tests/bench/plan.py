"""How much is measured, and how long that may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """``messages`` of a round at 1, 8 and 16 connections; ``long`` conversations; seconds of a ``probe`` of a rate and
    of the comparison ``at_rate``; ``desk``: open pages, waiting followers and turns; ``seconds``: the stretches in
    their order, and the most that each may take once what it needs has started; ``in_all``: the most for all of them,
    starts included.
    """

    rounds: int
    messages: dict[int, int]
    echo_messages: int
    connector_messages: int
    long: int
    stock_long: int
    probe: float
    at_rate: float
    switches: int
    desk: tuple[int, int, int]
    seconds: dict[str, float]
    in_all: float


FULL = Plan(
    rounds=3,
    messages={1: 200, 8: 400, 16: 400},
    echo_messages=2000,
    connector_messages=2000,
    long=1005,
    stock_long=505,
    probe=30,
    at_rate=60,
    switches=10,
    desk=(200, 1000, 200),
    seconds={
        "training": 1800,
        "crowds": 900,
        "frequent": 900,
        "rate": 900,
        "connector": 300,
        "conversations": 900,
        "switch": 1600,
        "desk": 600,
    },
    in_all=7200,
)
QUICK = Plan(
    rounds=1,
    messages={1: 60, 8: 160, 16: 160},
    echo_messages=1000,
    connector_messages=300,
    long=505,
    stock_long=105,
    probe=8,
    at_rate=15,
    switches=1,
    desk=(40, 200, 40),
    seconds={
        "crowds": 130,
        "frequent": 60,
        "rate": 110,
        "connector": 45,
        "conversations": 75,
        "switch": 120,
        "desk": 60,
    },
    in_all=390,
)
"""No training; and what is left of the seven minutes is to stop."""
