"""``bida``: the command line. Every command ends with what to do next, or with one sentence that says what is wrong."""

from connectors.cli.commands import main

__all__ = ["main"]
