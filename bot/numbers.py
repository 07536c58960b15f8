"""Figures as numbers, Chinese or Arabic."""

import cn2an


def number(text: str) -> float | None:
    """三千五, 1万 and 2.5 as numbers; None for what only looks like a figure: 十十, 百点."""
    try:
        return float(cn2an.cn2an(text, "smart"))
    except (ValueError, OverflowError):
        return None
