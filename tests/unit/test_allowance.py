"""The allowance, held against the simulated platform's own account of it."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.allowance import CONTACT, MARGIN_SECONDS, MESSAGE, Allowance, Grant
from connectors.simulator.model import grants
from connectors.simulator.model.codes import Refusal
from tests.doubles import SettableClock

NOW = SettableClock().at
THEIRS = {MESSAGE: grants.MESSAGE, CONTACT: grants.CONTACT}


@dataclass
class Follower:
    """One follower as WeChat and as we see them; ``unread`` are the actions that we have not heard of yet."""

    now: float = NOW
    ours: Allowance = field(default_factory=Allowance)
    theirs: grants.Allowance = field(default_factory=grants.Allowance)
    unread: list[tuple[Grant, float]] = field(default_factory=list)

    def act(self, grant: Grant) -> None:
        """The follower does something: WeChat grants at once and tells us the second in which it happened."""
        self.theirs = self.theirs.granted(THEIRS[grant], self.now)
        self.unread.append((grant, float(int(self.now))))

    def read(self) -> None:
        """The worker reads the oldest action."""
        if self.unread:
            self.ours = self.ours.granted(*self.unread.pop(0))

    def send(self) -> None:
        """Send if we may. Raises the platform's Refusal."""
        if self.ours.remaining(self.now):
            self.ours = self.ours.reserved()
            self.theirs = self.theirs.spent(self.now)
            self.ours = self.ours.counted(self.now)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["message", "contact", "read", "send", "send"]),
        st.one_of(st.floats(0.01, 3), st.floats(50, 70), st.floats(170_000, 175_000)),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_is_read_late_the_platform_never_refuses(steps: list[tuple[str, float]]) -> None:
    follower = Follower()
    for step, seconds in steps:
        follower.now += seconds
        if step in {"message", "contact"}:
            follower.act(MESSAGE if step == "message" else CONTACT)
        else:
            getattr(follower, step)()
        assert 0 <= follower.ours.left <= MESSAGE.count


@given(STEPS)
def test_what_is_read_at_once_is_counted_as_the_platform_counts(
    steps: list[tuple[str, float]],
) -> None:
    follower = Follower()
    for step, seconds in steps:
        # Whole seconds, as WeChat tells them.
        follower.now = float(int(follower.now + seconds) + 1)
        if step in {"message", "contact"}:
            follower.act(MESSAGE if step == "message" else CONTACT)
            follower.read()
        elif step == "send":
            follower.send()
        if follower.now < follower.theirs.deadline - MARGIN_SECONDS:
            assert follower.ours.remaining(follower.now) == follower.theirs.remaining


def test_a_message_sent_before_a_grant_was_read_is_taken_from_that_grant() -> None:
    follower = Follower(ours=Allowance(2, NOW + 999), theirs=grants.Allowance(2, NOW + 999))
    follower.act(MESSAGE)
    follower.now += 1
    follower.send()
    follower.read()
    assert follower.ours.remaining(follower.now) == follower.theirs.remaining == 4


def test_the_platforms_word_outlasts_an_older_action() -> None:
    allowance = Allowance(3, NOW + 999).emptied(NOW + 10)
    assert allowance.granted(MESSAGE, NOW + 5).left == 0
    assert allowance.granted(MESSAGE, NOW + 15).left == 5


def test_the_simulator_does_refuse_what_is_too_much() -> None:
    with pytest.raises(Refusal):
        grants.Allowance(0, NOW + 9).spent(NOW)
