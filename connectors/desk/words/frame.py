"""What every page says: the bar, logging in, faults, times, keys."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
    "skip_bar": ("跳到正文", "Skip to the content"),
    # logging in
    "login": ("登录", "Log in"),
    "name": ("账号", "Name"),
    "password": ("密码", "Password"),
    "wrong_login": ("账号或密码不对。", "Name or password is wrong."),
    "too_many": ("尝试次数过多，请 15 分钟后再试。", "Too many attempts: try again in 15 minutes."),
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
    "forgotten": (
        "这位顾客的资料已按要求删除（例如取消了关注），会话不再存在。",
        "This follower has been forgotten, for example after an unfollow: the conversation is gone.",
    ),
    "too_large": ("内容太大，没有收下。", "That is too large and was not taken."),
    "failed": (
        "出了问题，这一步没有完成；请再试一次。",
        "Something went wrong and this was not done: try again.",
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
    # times
    "today": ("今天", "Today"),
    "save": ("保存", "Save"),
    "filter": ("筛选", "Filter"),
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
    "colon": ("：", ": "),
}
