"""The model as JSON, for the page and for tests."""

from dataclasses import asdict
from typing import Any

from connectors.simulator.model.follower import Follower
from connectors.simulator.model.lines import Line, Part
from connectors.simulator.model.menu import Button
from connectors.simulator.model.platform import Platform


def follower_shape(platform: Platform, follower: Follower) -> dict[str, Any]:
    """A follower without the transcript. ``deadline`` and ``typing_until`` are Unix seconds or null."""
    allowance, now = follower.allowance, platform.clock.now()
    is_open = now < allowance.deadline
    return {
        "openid": follower.openid,
        "account": platform.account.app_id,
        "label": follower.label,
        "state": follower.state,
        "remaining": allowance.remaining if is_open else 0,
        "deadline": allowance.deadline if allowance.deadline else None,
        "typing_until": follower.typing_until if follower.typing_until > now else None,
        "member": asdict(follower.member) if follower.member else None,
        "marks": sorted(follower.marks),
        "lines": len(follower.transcript),
    }


def line_shape(line: Line) -> dict[str, Any]:
    """A line as the follower sees it."""
    content = line.content
    return {
        "number": line.number,
        "at": line.at,
        "side": line.side,
        "kind": content.kind,
        "text": content.text,
        "parts": [_part_shape(part) for part in content.parts],
        "choices": [asdict(choice) for choice in line.choices],
        "way": line.way,
        "push": line.push,
        "is_ai": content.is_ai,
        "kf_account": content.kf_account,
        "media": content.media,
    }


def account_shape(platform: Platform) -> dict[str, Any]:
    """An account with its menu; its secrets stay here."""
    account = platform.account
    return {
        "app_id": account.app_id,
        "name": account.name,
        "kind": account.kind,
        "mode": account.mode,
        "callback_url": account.callback_url,
        "has_scenes": account.may("scenes"),
        "menu": [button_shape(button) for button in platform.menu],
    }


def button_shape(button: Button) -> dict[str, Any]:
    """A menu button with its sub-menu."""
    return {
        "names": button.names,
        "type": button.type,
        "key": button.key,
        "url": button.url,
        "buttons": [button_shape(inner) for inner in button.buttons],
    }


def _part_shape(part: Part) -> dict[str, Any]:
    shape: dict[str, Any] = {"text": part.text}
    if part.href:
        shape["href"] = part.href
    if part.choice:
        shape["choice"] = asdict(part.choice)
    return shape
