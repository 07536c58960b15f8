"""What the list page says."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "conversations": ("会话列表", "Conversations"),
    "waiting": ("等待中", "Waiting"),
    "mine": ("我的会话", "Mine"),
    "others": ("同事的会话", "Colleagues’"),
    "nobody_waits": ("没有人在等", "Nobody is waiting"),
    "nobody_waits_hint": ("新的顾客会自动出现在这里。", "New followers appear here by themselves."),
    "none_mine": ("您手上没有会话。", "You hold no conversation."),
    "needs_reply": ("待回复", "needs a reply"),
    "somebody_waits": ("有新的顾客在等。", "Somebody new is waiting."),
    "choose": ("选一个会话开始", "Choose a conversation"),
    "choose_hint": (
        "等得最久的排在最上面。按 J、K 上下移动，回车打开。",
        "The one who has waited longest is on top. J and K move, Enter opens.",
    ),
}
