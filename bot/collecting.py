"""Python's garbage collector in a server: most of what is in memory has come to stay."""

import gc

NEW_OBJECTS, YOUNG, MIDDLE = 20_000, 20, 50
"""So many new objects before the youngest are looked through, and so many such looks before the older ones are.

Python's own 700 and 10 are for programs that hold little: a message of ours makes thousands of objects, nearly all of
which go by themselves. docs/performance.md says what it brings.
"""


def collect_rarely() -> None:
    """Leave what is loaded out of every later look, and look more rarely; to be called once a server is ready."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG, MIDDLE)
