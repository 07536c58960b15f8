"""What is covered for eyes that need not see it: phones, orders, e-mails and names in a conversation."""

from collections.abc import Iterable
from dataclasses import replace

from bot.messages import Line
from bot.misses import masked
from connectors.desk.guard.accounts import Agent, Role
from connectors.store.conversations import Told


def applies_to(agent: Agent) -> bool:
    """Whether this account reads conversations masked, and only reads them."""
    return agent.role == Role.TRAINER


def transcript(told: Iterable[Told], agent: Agent) -> list[Told]:
    """The transcript as this account may read it."""
    if not applies_to(agent):
        return list(told)
    return [replace(each, line=_masked(each.line)) for each in told]


def _masked(line: Line) -> Line:
    # What the brain heard in the words is the words once more.
    details = {name: told for name, told in line.details.items() if name != "entities"}
    return replace(line, text=masked(line.text), details=details)
