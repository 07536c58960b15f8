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
    Delivery.WITHDRAWN: ("已撤回，没有发出", "taken back, never sent"),
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

ENTITIES: dict[str, tuple[str, str]] = {
    "city": ("城市", "city"),
    "store": ("门店", "shop"),
    "shop": ("门店", "shop"),
    "date": ("日期", "day"),
    "time": ("时间", "time"),
    "day": ("日期", "day"),
    "budget": ("预算", "budget"),
    "recipient": ("送给", "for"),
    "occasion": ("场合", "occasion"),
    "product_category": ("品类", "category"),
    "order_no": ("订单号", "order"),
    "number": ("数字", "number"),
}
"""What the brain heard; kinds that do not stand here are shown by their own names."""

INTENTS: dict[str, tuple[str, str]] = {
    "nlu_fallback": ("没听懂", "not understood"),
    "out_of_scope": ("与品牌无关", "nothing to do with the brand"),
    "affirm": ("同意", "yes"),
    "deny": ("不要", "no"),
    "inform": ("补充信息", "gives details"),
    "greet": ("打招呼", "says hello"),
    "goodbye": ("道别", "says goodbye"),
    "thanks": ("道谢", "says thank you"),
    "human_agent": ("要人工", "asks for a person"),
    "complaint": ("投诉、不满", "complaint"),
}
"""Intents that no clarifying question ever names, or names otherwise; ``views.naming`` names the others."""

REFUSALS: dict[int, tuple[str, str]] = {
    -1: ("微信系统繁忙。", "WeChat was busy."),
    40001: (
        "公众号的凭证失效，请告诉管理员。",
        "The account’s token is invalid: tell an administrator.",
    ),
    40003: ("微信不认识这位顾客，可能已取消关注。", "WeChat does not know this follower any more."),
    40005: ("微信不支持这种图片。", "WeChat does not take this kind of picture."),
    40007: ("图片已过期或不在了，请重新发。", "The picture is gone or too old: send it again."),
    40009: ("图片太大，微信不收。", "The picture is too large for WeChat."),
    40137: ("微信不支持这种图片。", "WeChat does not take this kind of picture."),
    40164: (
        "服务器地址不在公众号白名单，请告诉管理员。",
        "Our address is not allowed: tell an administrator.",
    ),
    40213: ("文字里的链接写法微信不接受。", "WeChat does not take the link in the text."),
    40214: ("文字里的链接写法微信不接受。", "WeChat does not take the link in the text."),
    43004: (
        "顾客没有关注公众号（已取消关注）。",
        "The follower does not follow the account any more.",
    ),
    43019: ("顾客在公众号的黑名单里。", "The follower is on the account’s blacklist."),
    43101: ("顾客拒收消息。", "The follower takes no messages."),
    45002: ("内容太长，微信不收。", "The message is too long for WeChat."),
    45009: ("公众号今天的接口次数用完了。", "The account has used up today’s calls."),
    45011: ("发得太快，微信要求稍等。", "Too many messages at once: WeChat asks to wait."),
    45015: (
        "超过 48 小时没有联系，或已取消关注。",
        "More than 48 hours since the follower’s last contact, or unfollowed.",
    ),
    45047: (
        "这次窗口的条数用完了。",
        "The messages of this window are used up.",
    ),
    45065: ("微信认为这条已经发过。", "WeChat says that this was sent before."),
    45066: ("重复发送太快，微信要求稍等。", "Repeated too fast: WeChat asks to wait."),
    45087: (
        "公众号的客服功能被封禁，请告诉管理员。",
        "WeChat has blocked the account’s messages: tell an administrator.",
    ),
    46004: ("没有这位顾客的微信账号。", "There is no such WeChat user."),
    48001: (
        "公众号没有这项权限，请告诉管理员。",
        "The account lacks this permission: tell an administrator.",
    ),
    48002: ("顾客关闭了接收消息。", "The follower has switched messages off."),
    48004: (
        "公众号的接口被封禁，请告诉管理员。",
        "WeChat has blocked the account: tell an administrator.",
    ),
    50002: (
        "公众号被限制使用，请告诉管理员。",
        "The account is restricted: tell an administrator.",
    ),
    50005: ("顾客没有关注公众号。", "The follower does not follow the account."),
}
"""Why WeChat refused a message (its page 全局返回码); codes that do not stand here are shown as numbers."""

LANGUAGES: dict[str, tuple[str, str]] = {
    "zh-Hans": ("简体中文", "Simplified Chinese"),
    "zh-Hant": ("繁体中文", "Traditional Chinese"),
    "en": ("英文", "English"),
}
