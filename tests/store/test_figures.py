"""The reports' daily sums: read once from the ledger, by however many processes look."""

import asyncio
from datetime import date

from bot.desk.figures import total
from bot.ledger import Entry, Event
from connectors.store.connection import Connection
from connectors.store.desk.figures import PAGE, FiguresShelf
from connectors.store.entries import ledger_command
from connectors.store.keys import Keys

ACCOUNT = "wx1"
NOON = 1_795_838_400.0
DAY, NEXT = date(2026, 11, 28), date(2026, 11, 29)


async def write(connection: Connection, *entries: Entry) -> None:
    pipe = connection.redis.pipeline(transaction=False)
    for entry in entries:
        pipe.execute_command(*ledger_command(Keys(ACCOUNT).ledger(), entry))
    await pipe.execute()


async def opened(connection: Connection, first: date = DAY, last: date = DAY) -> int:
    shelf = FiguresShelf(connection, ACCOUNT)
    return total((await shelf.between(first, last)).values()).whole.opened


async def test_a_day_holds_what_was_written_on_it(connection: Connection) -> None:
    await write(connection, Entry(Event.OPENED, "a-1", NOON))
    await write(connection, Entry(Event.OPENED, "a-2", NOON + 86400))
    assert await opened(connection) == 1
    assert await opened(connection, DAY, NEXT) == 2


async def test_many_who_look_at_once_count_each_line_once(connection: Connection) -> None:
    count = 2 * PAGE + 7
    await write(connection, *(Entry(Event.OPENED, f"a-{n}", NOON) for n in range(count)))
    assert await asyncio.gather(*(opened(connection) for _ in range(5))) == [count] * 5


async def test_what_was_counted_outlives_the_ledgers_lines(connection: Connection) -> None:
    await write(connection, Entry(Event.OPENED, "a-1", NOON))
    await opened(connection)
    await connection.redis.xtrim(Keys(ACCOUNT).ledger(), maxlen=0)
    await write(connection, Entry(Event.OPENED, "a-2", NOON))
    assert await opened(connection) == 2
