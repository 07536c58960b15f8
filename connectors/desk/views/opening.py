"""Whether a team's people are there, as people at the desk read it."""

from bot.desk.hours import Schedule
from connectors.desk.views.times import Times
from connectors.desk.words import say


def state_of(schedule: Schedule, at: Times) -> str:
    """Whether people are there, until when, or when they are back: in the desk's own time."""
    opens, closes = schedule.opens_at(at.now), schedule.closes_at(at.now)
    if schedule.is_open(at.now):
        if closes is None:
            return say(at.language, "always_there")
        return say(at.language, "there_until", time=at.moment(closes))
    if opens is None:
        return say(at.language, "never_there")
    return say(at.language, "back_at", time=at.moment(opens))
