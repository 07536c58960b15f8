"""What alerts say that go out of the house. They carry no follower's words."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "alert_waiting": ("{count} 位顾客在等人工", "{count} waiting for a person"),
    "alert_at_risk": ("{count} 个会话快要超时", "{count} about to be answered too late"),
    "alert_window": (
        "{count} 位顾客的 48 小时窗口快关了，还没有人接待",
        "48-hour window closing for {count}, and nobody has come",
    ),
    "alert_team": ("团队：{team}", "Team: {team}"),
    "alert_oldest": ("等得最久的：{time}", "Longest wait: {time}"),
    "alert_due": ("最早的期限：{time}", "Earliest deadline: {time}"),
    "alert_cities": ("城市：{told}", "Cities: {told}"),
    "alert_reasons": ("原因：{told}", "Reasons: {told}"),
    "alert_vips": ("其中 VIP：{count}", "VIPs among them: {count}"),
    "alert_open": ("打开客服台", "Open the desk"),
    "alert_open_one": ("打开会话", "Open the conversation"),
    "alert_arrival": ("VIP 快到店了：{place}", "VIP about to arrive: {place}"),
    "alert_arrival_at": ("说要来的时间：{time}", "Announced at {time}"),
    "alert_arrival_tier": ("会员等级：{tier}", "Tier: {tier}"),
    "alert_arrival_language": ("语言：{spoken}", "Language: {spoken}"),
    "alert_arrival_associate": ("专属顾问：{person}", "Associate: {person}"),
    "alert_arrival_answer": (
        "请在 {minutes} 分钟内点开确认，否则会问下一位",
        "Please answer within {minutes} min, or the next person is asked",
    ),
    "alert_arrival_open": ("我来迎接", "I will be at the door"),
    "alert_arrival_nobody": (
        "VIP 快到店了，还没有人应：{place}",
        "VIP about to arrive and nobody has answered: {place}",
    ),
    "alert_unknown_place": ("门店未知", "shop not known"),
    "alert_unknown_city": ("未知", "not known"),
    "expected": ("{agent} 会在店门口迎接", "{agent} will be at the door"),
}
