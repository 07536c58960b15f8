"""Structured logs on standard output: one JSON object a line, without followers' words and openids."""

import logging
import sys
import traceback

import structlog
from structlog.typing import Processor

OURS = ("bot", "connectors", "actions")


def write_logs(level: str = "info") -> None:
    """Set logging up for this process, for our own lines and the libraries'; these keep their details to themselves.

    ``level``: of our own lines.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        # First of all: a line that nobody will read costs next to nothing.
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


def place_of(error: Exception) -> str:
    """Where it was raised; its own text may hold a follower's words and stays out of the log."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}"
