"""What is said about presence, offers, and passing conversations on."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # presence
    "presence": ("我的状态", "My presence"),
    "available": ("在线", "Available"),
    "busy": ("忙碌", "Busy"),
    "away": ("离开", "Away"),
    "offline": ("离线", "Offline"),
    "presence_hint": (
        "忙碌：不再派新会话；离开：等您回复的会话转给同事。",
        "Busy: no new conversations. Away: those that wait for your reply go to colleagues.",
    ),
    # offers
    "offered_to_you": ("派给您", "Offered to you"),
    "offer_left": ("还有 {seconds} 秒", "{seconds} s left"),
    # passing on
    "transfer": ("转接", "Transfer"),
    "transfer_title": ("转接给谁？", "Transfer to whom?"),
    "transfer_agents": ("同事", "Colleagues"),
    "transfer_teams": ("团队", "Teams"),
    "transfer_bot": ("机器人", "The bot"),
    "transfer_bot_hint": (
        "没有告别语；未回复的问题按不需回复结束。",
        "No farewell; what is unanswered counts as needing no answer.",
    ),
    "transfer_why": ("原因（只给同事看）", "Reason (colleagues only)"),
    "transfer_keep": (
        "以后作为这位顾客的专属顾问",
        "Also the follower’s own associate from now on",
    ),
    "transfer_none": ("没有可以转接的同事。", "There is no colleague to transfer to."),
    "cancel": ("取消", "Cancel"),
    "load_of": ("{load} / {limit} 个会话", "{load} of {limit} conversations"),
    "team_open": ("在岗", "open"),
    "team_opens": ("{time} 上班", "back {time}"),
    "team_closed": ("不在岗", "closed"),
    "own_associate": ("专属顾问", "Associate"),
    "nobody": ("没有", "nobody"),
    "save_associate": ("保存", "Save"),
    "step_in": ("介入接手", "Step in"),
    "step_in_confirm": ("从 {agent} 手上接过来？", "Take it over from {agent}?"),
    "key_transfer": ("转接", "transfer"),
    # refusals
    "not_of_team": (
        "这是“{team}”的会话，您不在这个团队。",
        "This conversation is for “{team}”, and you are not in that team.",
    ),
    "no_such_colleague": (
        "没有这个可以接待的账号。",
        "There is no such colleague to serve followers.",
    ),
    "no_such_team": ("没有这个团队。", "There is no such team."),
    "colleague_absent": (
        "{agent} 现在{state}，接不了会话；请转给别人或团队。",
        "{agent} is {state} and cannot serve now: choose somebody else or a team.",
    ),
    "why_missing": ("请写一句原因，200 字以内。", "Say why, in at most 200 characters."),
    "choose_whom": ("请选择转给谁。", "Choose whom to transfer to."),
    # in transcripts
    "given_to_agent": ("{agent} 转给 {to}：{why}", "{agent} transferred to {to}: {why}"),
    "given_to_team": ("{agent} 转给“{team}”：{why}", "{agent} transferred to “{team}”: {why}"),
    "given_to_bot": ("{agent} 交回机器人：{why}", "{agent} gave it back to the bot: {why}"),
    "stepped_in": ("{agent} 从 {holder} 手上接过会话", "{agent} took over from {holder}"),
    "taken_back_gone": (
        "{agent} 的账号已删除，会话收回",
        "{agent}’s account is gone: the conversation was taken back",
    ),
    "taken_back_offline": (
        "{agent} 已离线，会话收回",
        "{agent} is offline: the conversation was taken back",
    ),
    "taken_back_away": (
        "{agent} 离开了，会话收回",
        "{agent} is away: the conversation was taken back",
    ),
    "taken_back_silent": (
        "{agent} 超时没有回复，会话收回",
        "{agent} left the follower without a word too long: the conversation was taken back",
    ),
}
