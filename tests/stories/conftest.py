"""What several stories share."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from connectors.store.connection import Connection
from tests.stories.people import House


@pytest.fixture
def house(connection: Connection, nlu_data: Path) -> Callable[..., House]:
    """Builds an account with people behind it, over an empty store."""
    return partial(House, connection, nlu_data)
