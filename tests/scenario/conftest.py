"""The front door: a simulated WeChat before the running demo."""

from collections.abc import AsyncIterator

import pytest

from connectors.simulator.client import Phone, Simulator
from tests.installations import Demo


@pytest.fixture
async def simulator(demo: Demo) -> AsyncIterator[Simulator]:
    """The simulated platform, all its faults switched off."""
    async with Simulator.at(demo.phone) as simulator:
        await simulator.clear_faults()
        yield simulator
        await simulator.clear_faults()


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """Someone who has just followed the account and was welcomed."""
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.wait_for("欢迎")
    return phone
