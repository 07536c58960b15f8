"""The desk's own words in Chinese and English."""

from bot.conversation import Reason
from bot.messages import Delivery

LANGUAGES = ("zh", "en")

WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "title": ("必答 · 客服台", "Bida · Desk"),
    "product": ("必答", "Bida"),
    "place": ("客服台", "Desk"),
    "motto": ("有问必答", "Every question gets an answer"),
    "other_language": ("English", "中文"),
    "logout": ("退出", "Log out"),
    "keys": ("快捷键", "Keys"),
    "connecting": ("连接中断，正在重连…", "Connection lost, trying again …"),
    "skip": ("跳到会话", "Skip to the conversation"),
    # logging in
    "login": ("登录", "Log in"),
    "name": ("账号", "Name"),
    "password": ("密码", "Password"),
    "wrong_login": ("账号或密码不对。", "Name or password is wrong."),
    "too_many": ("尝试次数过多，请 15 分钟后再试。", "Too many attempts: try again in 15 minutes."),
    # the lists
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
    # one conversation
    "back": ("返回列表", "Back to the list"),
    "transcript": ("与 {label} 的对话", "Conversation with {label}"),
    "reason": ("转人工原因", "Reason"),
    "waited": ("已等 {time}", "waiting: {time}"),
    "you_hold": ("您在接待 · {time}", "with you · {time}"),
    "held_by": ("{agent} 在接待 · {time}", "with {agent} · {time}"),
    "with_bot": ("机器人接待中", "with the bot"),
    "take": ("接待", "Take"),
    "take_hint": (
        "接待后机器人会安静下来，您的第一条回复会带上您的名字。",
        "The bot falls silent once you take it, and your first reply carries your name.",
    ),
    "watching": (
        "{agent} 在接待，您可以旁观。",
        "{agent} has this conversation; you are looking on.",
    ),
    "bot_speaks": (
        "机器人在答复这位顾客。需要真人时会话会回到“等待中”。",
        "The bot answers this follower. When a person is needed, the conversation goes to “Waiting”.",
    ),
    "close": ("结束接待", "Close"),
    "close_unanswered": ("还没回复，仍要结束？", "Not answered yet: close anyway?"),
    "send": ("发送", "Send"),
    "reply_here": ("回复顾客…", "Reply to the follower …"),
    "send_key": ("Ctrl+Enter 发送", "Ctrl+Enter sends"),
    "several": ("将分 {count} 条发送", "goes out as {count} messages"),
    # what may still be sent
    "left": ("还可发 {count} 条", "{count} left to send"),
    "left_of": ("还可发 {count} 条，最多 {most} 条", "{count} of {most} messages left"),
    "until": ("{time} 前", "until {time}"),
    "until_explained": (
        "微信窗口 {time} 关闭，之后要等顾客再次联系",
        "WeChat’s window closes {time}; after that only the follower’s next contact helps",
    ),
    "window_closed": ("窗口已关闭", "window closed"),
    "window_closed_explained": (
        "微信窗口已关闭：您的回复会等顾客下次来消息时送达。",
        "WeChat’s window is closed: what you write goes out with the follower’s next contact.",
    ),
    "last_message": (
        "这是能发的最后一条，请一次说完。",
        "This is the last message you can send: say everything in it.",
    ),
    # refusals
    "taken_already": (
        "{agent} 已经接待了这位顾客。",
        "{agent} has taken this conversation already.",
    ),
    "not_waiting": (
        "这位顾客已经不等人工了，由机器人接待。",
        "This follower waits no longer: the bot answers.",
    ),
    "not_yours": (
        "会话不在您手上，请先接待。",
        "You do not hold this conversation: take it first.",
    ),
    "gone_to_bot": (
        "会话已经结束，由机器人接待；您写的内容没有发出。",
        "The conversation is closed and the bot answers: what you wrote was not sent.",
    ),
    "empty_reply": ("回复不能为空。", "A reply cannot be empty."),
    "too_long": (
        "回复太长，请少于 2000 字。",
        "The reply is too long: keep it under 2000 characters.",
    ),
    "not_found": ("没有这个页面或会话。", "There is no such page or conversation."),
    "forbidden": (
        "页面已过期或没有权限，请刷新后再试。",
        "The page is out of date or not for you: reload it and try again.",
    ),
    "store_down": (
        "系统暂时连不上存储，请稍后再试；您写的内容还在。",
        "The store cannot be reached just now: try again in a moment. What you wrote is still here.",
    ),
    "no_connection": (
        "没有连上服务器，内容没有丢，请再发一次。",
        "The server could not be reached. Nothing is lost: send it again.",
    ),
    "home": ("回到客服台", "Back to the desk"),
    # who speaks
    "follower": ("顾客", "Follower"),
    "bot": ("机器人", "Bot"),
    "agent": ("客服", "Agent"),
    "notice": ("系统通知", "Notice"),
    "system": ("记录", "Record"),
    "took": ("{agent} 开始接待", "{agent} took the conversation"),
    "closed": ("{agent} 结束接待，机器人继续", "{agent} closed; the bot goes on"),
    "mark": ("机器人该会", "Bot should know"),
    "marked": ("✓ 已记下：机器人该会", "✓ Noted: bot should know"),
    "mark_hint": (
        "记给训练师：这句机器人应该会答，并附上您的回答。再按一次取消。",
        "Note for the trainers, with your answer as the proposal. Press again to take it back.",
    ),
    "save_file": ("下载文件", "Save the file"),
    "not_yet_here": ("图片还没有取到", "The picture is not here yet"),
    "understood": ("识别出的意图和把握", "Recognised intent and confidence"),
    # times
    "today": ("今天", "Today"),
    "under_a_minute": ("不到 1 分钟", "under 1 min"),
    "minutes": ("{count} 分钟", "{count} min"),
    "hours": ("{count} 小时 {minutes} 分", "{count} h {minutes} min"),
    "days": ("{count} 天", "{count} d"),
    # keys
    "key_next": ("下一个 / 上一个会话", "next / previous conversation"),
    "key_open": ("打开", "open"),
    "key_take": ("接待", "take"),
    "key_reply": ("写回复", "write a reply"),
    "key_send": ("发送", "send"),
    "key_leave": ("离开输入框", "leave the text"),
    "key_help": ("显示快捷键", "show these keys"),
    "done": ("好", "Done"),
}

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


def say(language: str, name: str, **values: object) -> str:
    """One of the desk's texts."""
    return pick(language, WORDS[name]).format(**values)


def pick(language: str, pair: tuple[str, str]) -> str:
    """The text in this language, ``zh`` or ``en``."""
    return pair[LANGUAGES.index(language)]
