"""The desk's own words in Chinese and English."""

from bot.conversation import Reason
from bot.messages import Delivery

LANGUAGES = ("zh", "en")

WORDS: dict[str, tuple[str, str]] = {
    "title": ("必答 · 客服台", "Bida · Desk"),
    "login": ("登录", "Log in"),
    "logout": ("退出", "Log out"),
    "name": ("账号", "Name"),
    "password": ("密码", "Password"),
    "wrong_login": ("账号或密码不对。", "Name or password is wrong."),
    "too_many": ("尝试次数过多，请 15 分钟后再试。", "Too many attempts: try again in 15 minutes."),
    "waiting": ("等待中", "Waiting"),
    "mine": ("我的会话", "Mine"),
    "others": ("同事的会话", "Colleagues'"),
    "nobody_waits": ("没有人在等。", "Nobody is waiting."),
    "none_mine": ("手上没有会话。", "You hold no conversation."),
    "choose": ("从左边选一个会话。", "Choose a conversation on the left."),
    "take": ("接待", "Take"),
    "close": ("结束接待", "Close"),
    "send": ("发送", "Send"),
    "reply_here": ("在这里回复…", "Reply here ..."),
    "keys": ("Ctrl+Enter 发送", "Ctrl+Enter sends"),
    "left": ("还可发 {count} 条", "{count} messages left"),
    "window": ("窗口 {time} 关闭", "window closes {time}"),
    "window_closed": (
        "窗口已关闭：等顾客下次来消息时再送达",
        "window closed: goes out with the next contact",
    ),
    "last_message": ("这是最后一条，请一次说完。", "This is the last message: say everything."),
    "waited": ("已等 {time}", "waited {time}"),
    "held_by": ("{agent} 正在接待", "{agent} has it"),
    "with_bot": ("机器人接待中", "The bot has it"),
    "taken_already": ("已由 {agent} 接待。", "{agent} has taken it already."),
    "not_yours": (
        "这个会话不在您手上，请先接待。",
        "You do not hold this conversation: take it first.",
    ),
    "empty_reply": ("回复不能为空。", "A reply cannot be empty."),
    "too_long": (
        "回复太长，请少于 2000 字。",
        "The reply is too long: keep it under 2000 characters.",
    ),
    "follower": ("顾客", "Follower"),
    "bot": ("机器人", "Bot"),
    "agent": ("客服", "Agent"),
    "notice": ("系统通知", "Notice"),
    "system": ("记录", "Record"),
    "took": ("{agent} 开始接待", "{agent} took the conversation"),
    "closed": ("{agent} 结束接待", "{agent} closed the conversation"),
    "connecting": ("连接中断，正在重连…", "Connection lost, trying again ..."),
    "other_language": ("English", "中文"),
    "unanswered": ("未答率", "unanswered"),
    "new_messages": ("有新消息", "new message"),
    "not_found": ("没有这个会话。", "There is no such conversation."),
    "back": ("返回列表", "Back to the list"),
}

REASONS: dict[str, tuple[str, str]] = {
    Reason.ASKED_FOR_HUMAN: ("要求人工", "asked for a person"),
    Reason.UNSURE: ("机器人没把握", "the bot was unsure"),
    Reason.NEEDS_PERSON: ("需要人处理", "needs a person"),
    Reason.BRAIN_ERROR: ("机器人故障", "the bot failed"),
    Reason.BRAIN_SLOW: ("机器人超时", "the bot was too slow"),
    Reason.MESSAGE_TYPE: ("图片/语音等消息", "picture, voice or the like"),
    "points_unavailable": ("查不到积分", "points unavailable"),
}

DELIVERIES: dict[Delivery, tuple[str, str]] = {
    Delivery.HANDED: ("送达中", "on its way"),
    Delivery.QUEUED: ("待发送", "to be sent"),
    Delivery.SENDING: ("发送中", "sending"),
    Delivery.HELD: ("等顾客下次来消息", "waits for the next contact"),
    Delivery.DELIVERED: ("已送达", "delivered"),
    Delivery.UNCERTAIN: ("不确定是否送达", "uncertain"),
    Delivery.REFUSED: ("微信拒绝发送", "refused by WeChat"),
    Delivery.DROPPED: ("未发送（省下额度）", "not sent, to save the allowance"),
}

KINDS: dict[str, tuple[str, str]] = {
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
    "view": ("打开了菜单链接", "opened a menu link"),
}


def say(language: str, name: str, **values: object) -> str:
    """One of the desk's texts."""
    return pick(language, WORDS[name]).format(**values)


def pick(language: str, pair: tuple[str, str]) -> str:
    """The text in this language, ``zh`` or ``en``."""
    return pair[LANGUAGES.index(language)]
