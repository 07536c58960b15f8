"""What the page of one conversation says."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
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
}
