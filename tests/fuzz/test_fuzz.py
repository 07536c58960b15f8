"""A few thousand odd requests: none does any harm. ``python -m tests.fuzz`` sends very many."""

import random

from tests.fuzz.callback import fuzz


async def test_odd_requests_are_answered_and_nothing_invalid_is_stored(store_url: str) -> None:
    seed = random.randrange(10**6)
    findings = await fuzz(store_url, 3000, seed)
    assert not findings.faults, f"seed {seed}: {findings.faults}"
    assert findings.stored["valid"] > 0
    assert findings.stored["forged"] == 0
