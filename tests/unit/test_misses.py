"""What the bot did not know: masked, grouped, without doubles and without what is labelled."""

import pytest
import yaml

from bot.corpus import Example
from bot.misses import MARKED, OUTSIDE, UNSURE, Miss, as_yaml, masked, worth_labelling


def test_what_tells_who_wrote_is_masked() -> None:
    text = masked("我叫王小明，电话138 1234 5678\n订单LN2026112400123 a.b@c.com https://x.y/z 3件")
    assert text == "＊，电话＊ 订单＊ ＊ ＊ 3件"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b+c-d@mail.example.com", "＊"),
        ("邮箱:lin@example.com，谢谢", "邮箱:＊，谢谢"),
        ("<lin@example.com>", "<＊>"),
        ("我的邮箱lin@example.com", "＊"),
        ("lin@example.com-wang@example.com", "＊"),
        ("lin@example.com,wang@example.com", "＊,＊"),
        ("a@b@example.com", "a@＊"),
        ("x@ lin@localhost", "x@ lin@localhost"),
        ("LN-20261128001-lin@example.com", "＊"),
        ("13800138000-lin", "＊-lin"),
        ("a" * 50, "a" * 50),
        ("-" * 50, "-" * 50),
    ],
)
def test_mails_are_masked_wherever_they_stand(text: str, told: str) -> None:
    assert masked(text) == told


def test_each_message_comes_once_and_nothing_that_is_labelled() -> None:
    misses = [
        Miss("这个咋整啊", UNSURE, "repair"),
        Miss("這個咋整啊", MARKED, "repair", "请寄回门店"),
        Miss("幾點開門？", UNSURE, "hours"),
        Miss("？？？", OUTSIDE),
    ]
    (left,) = worth_labelling(misses, [Example("几点开门？", "hours", "a.yml:1")])
    assert left == Miss("這個咋整啊", MARKED, "repair", "请寄回门店")


def test_the_file_is_training_data_in_groups() -> None:
    misses = [
        Miss("甲", UNSURE, "a"),
        Miss("乙", UNSURE, "b"),
        Miss("丙", UNSURE, "b"),
        Miss("丁", OUTSIDE),
    ]
    text = as_yaml(misses)
    blocks = yaml.safe_load(text)["nlu"]
    assert [block["intent"] for block in blocks] == ["b", "a", "???"]
    assert blocks[0]["examples"] == "- 乙\n- 丙\n"
    assert as_yaml([Miss("甲", MARKED, "a", "这样答")]).count("甲 → 这样答") == 1
