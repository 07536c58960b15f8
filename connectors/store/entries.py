"""The ledger's entries as Redis holds them."""

from typing import Any

from pydantic import TypeAdapter

from bot import ledger

ENTRY = TypeAdapter(ledger.Entry)


def ledger_command(stream: str, entry: ledger.Entry) -> list[str]:
    """The command that appends an entry to the ledger."""
    fields: dict[str, Any] = ENTRY.dump_python(
        entry, mode="json", exclude_defaults=True, exclude_none=True
    )
    return ["XADD", stream, "*", *(str(part) for pair in fields.items() for part in pair)]
