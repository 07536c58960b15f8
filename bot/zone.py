"""The clock of the brand's home: where a day begins when no shop and no team with a clock of its own is meant."""

from datetime import datetime
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
"""One zone for all of China since 1949; the tz database's name for it."""


def at_home(time: float) -> datetime:
    """A Unix time as the home clock shows it."""
    return datetime.fromtimestamp(time, HOME)
