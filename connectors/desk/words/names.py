"""What things are called: reasons, deliveries, kinds of messages, days."""

from bot.conversation import Reason
from bot.messages import Delivery

REASONS: dict[str, tuple[str, str]] = {
    Reason.ASKED_FOR_HUMAN: ("要求人工", "asked for a person"),
    Reason.UNSURE: ("机器人没把握", "the bot was unsure"),
    Reason.NEEDS_PERSON: ("需要人处理", "needs a person"),
    Reason.BRAIN_ERROR: ("机器人故障", "the bot failed"),
    Reason.BRAIN_SLOW: ("机器人超时", "the bot was too slow"),
    Reason.MESSAGE_TYPE: ("图片、语音等", "picture, voice or the like"),
    Reason.TOO_MANY: ("消息太多太快", "too many messages"),
    "points_unavailable": ("查不到积分", "points unavailable"),
    "complaint": ("投诉、不满", "complaint"),
    "vip_arrival": ("快到店了", "arrives at the shop"),
    "product_question": ("商品细节", "about a product"),
    "stock_check": ("查库存", "in stock?"),
    "order_status": ("查订单", "where is the order"),
    "order_change": ("改订单", "change an order"),
    "order_cancel": ("取消订单", "cancel an order"),
    "appointment": ("预约", "appointment"),
    "reservation_change": ("改预约", "change an appointment"),
    "corporate_order": ("企业采购", "corporate order"),
}

DELIVERIES: dict[Delivery, tuple[str, str]] = {
    Delivery.HANDED: ("送达中", "on its way"),
    Delivery.QUEUED: ("待发送", "to be sent"),
    Delivery.SENDING: ("发送中", "sending"),
    Delivery.HELD: ("等顾客下次来消息", "waits for the next contact"),
    Delivery.DELIVERED: ("已送达", "delivered"),
    Delivery.UNCERTAIN: ("不确定是否送达", "uncertain"),
    Delivery.REFUSED: ("微信拒绝发送", "refused by WeChat"),
    Delivery.DROPPED: ("未发送", "not sent"),
}

EXPLAINED: dict[Delivery | None, tuple[str, str]] = {
    Delivery.HELD: (
        "现在不能发；顾客一有动静就随之送出。",
        "It may not be sent now, and goes out with whatever the follower does next.",
    ),
    Delivery.UNCERTAIN: (
        "发送途中连接断了，微信没有回话。不会自动重发。",
        "The line broke before WeChat answered. It is not sent again by itself.",
    ),
    Delivery.REFUSED: (
        "微信不再接收这条消息，例如顾客已取消关注。",
        "WeChat will not take it, for example because the follower is gone.",
    ),
    Delivery.DROPPED: ("为了把额度留给您。", "To leave the allowance to you."),
}

KINDS: dict[str, tuple[str, str]] = {
    "handed_to_wechat_desk": ("[转到微信客服]", "[handed to WeChat’s own desk]"),
    "image": ("[图片]", "[picture]"),
    "voice": ("[语音]", "[voice]"),
    "video": ("[视频]", "[video]"),
    "shortvideo": ("[小视频]", "[short video]"),
    "location": ("[位置]", "[location]"),
    "link": ("[链接]", "[link]"),
    "subscribe": ("关注了公众号", "followed the account"),
    "unsubscribe": ("取消了关注", "unfollowed the account"),
    "scan": ("扫了二维码", "scanned a QR code"),
    "click": ("点了菜单", "tapped the menu"),
    "scancode_push": ("扫了码", "scanned a code"),
    "scancode_waitmsg": ("扫了码", "scanned a code"),
    "view": ("打开了菜单链接", "opened a menu link"),
}

WEEKDAYS: tuple[tuple[str, str], ...] = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
