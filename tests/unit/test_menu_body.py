"""The menu for WeChat: what is written in menu.yml, and the platform's limits with file and line."""

from pathlib import Path

import pytest

from bot.live import FileError
from connectors.wechat.menu import menu_body, outline

GOOD = """\
buttons:
  - name: 会员
    buttons:
      - name: 会员中心
        type: view
        url: https://member.example/
      - name: 积分
        type: click
        key: points
        says: {zh-Hans: 我有多少积分, zh-Hant: 我有多少積分, en: How many points do I have?}
  - name: 客服
    type: click
    key: human
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "menu.yml"
    path.write_text(text)
    return path


def test_the_file_becomes_what_wechat_takes(tmp_path: Path) -> None:
    body = menu_body(written(tmp_path, GOOD))
    assert body["button"][1] == {"type": "click", "name": "客服", "key": "human"}
    assert body["button"][0]["sub_button"][0] == {
        "type": "view",
        "name": "会员中心",
        "url": "https://member.example/",
    }
    assert outline(body["button"]) == [
        "会员",
        "  会员中心  https://member.example/",
        "  积分  points",
        "客服  human",
    ]


def test_the_shipped_menu_keeps_the_limits(nlu_data: Path) -> None:
    assert len(menu_body(nlu_data / "brand" / "menu.yml")["button"]) == 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: 客服", "name: 人工客服在线", "menu.yml:11: field buttons.1.name is too long: 18"),
        ("name: 积分", f"name: {'积' * 21}", "menu.yml:7: field buttons.0.buttons.1.name is too"),
        ("key: human", "key: points", "menu.yml:13: field buttons.1.key is another button's"),
        ("key: human", f"key: {'k' * 129}", "menu.yml:13: field buttons.1.key is too long"),
        ("key: human", "says: {}", "menu.yml:11: field buttons.1 lacks key"),
        ("type: view", "type: web", "menu.yml:5: field buttons.0.buttons.0.type must be one of"),
        ("https://member.example/", "member.example", "menu.yml:6: field buttons.0.buttons.0.url"),
        ("  - name: 客服\n    type", "  - name: 客服\n    typo", "field buttons.1 lacks type"),
        (GOOD, "buttons: []\n", "menu.yml:1: field buttons is empty"),
        (
            GOOD,
            "buttons:\n" + 4 * "  - {name: 店, type: view, url: 'https://a.example'}\n",
            "menu.yml:5: field buttons.3 is one button too many: WeChat takes 3",
        ),
    ],
)
def test_each_limit_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    with pytest.raises(FileError) as error:
        menu_body(written(tmp_path, GOOD.replace(old, new, 1)))
    assert expected in str(error.value)
