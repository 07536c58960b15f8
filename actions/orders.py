"""Orders: the number is asked for once, then a person looks after it."""

import re

from actions.tastes import CLAUSE
from actions.turn import Asked, Reply, Say
from bot.brand import Brand
from bot.spelling import plain

CALLED = {
    "zh-Hans": {"order_no": "订单 {}", "phone": "手机号 {} 名下的订单", "": "您的订单"},
    "zh-Hant": {"order_no": "訂單 {}", "phone": "手機號碼 {} 名下的訂單", "": "您的訂單"},
    "en": {"order_no": "order {}", "phone": "the order under {}", "": "your order"},
}
"""How an order is called by what is known of it."""

WHERE = re.compile(
    r"号.{0,4}(在哪|哪[里儿]|怎么[找看查])|\b(where|find)\b.*number|number.*\bwhere\b"
    r"|^.{0,4}(在哪|去哪|哪[里儿]|边度|喺边|怎么|点样)[里儿]?(找|看|查|睇)|\bwhere (do|can) i (see|find|look|check)\b"
)
"""订单号在哪里看, 在哪看 after the question for it: asks where the order stands."""


def asks_where(asked: Asked) -> bool:
    """Whether a clause of the message asks where an order or its number is to be seen."""
    return any(WHERE.search(clause.strip()) for clause in CLAUSE.split(plain(asked.text)))


def order(subject: str, brand: Brand, asked: Asked) -> Reply:
    """Ask for the order's number or phone once; with it, or without it the second time, hand over."""
    told = ((kind, asked.known(kind)) for kind in ("order_no", "phone"))
    known = next((each for each in told if each[1]), None)
    is_where = asks_where(asked)
    is_asked = asked.kept("awaiting") == "order_no"
    if known is None and is_where:
        return Reply((Say("utter_where_orders"),), {"subject": subject, "awaiting": "order_no"})
    if known is None and not is_asked:
        is_of_status = subject == "order_status"
        question = "utter_ask_order_no" if is_of_status else "utter_ask_order_to_change"
        return Reply((Say(question),), {"subject": subject, "awaiting": "order_no"})
    kind, number = known or ("", "")
    called = CALLED[asked.language][kind].format(number)
    kept = {kind: number} if kind else {}
    return Reply(
        (Say(f"utter_{subject}", {"order": called}),),
        {"subject": subject, "awaiting": None, **kept},
    )
