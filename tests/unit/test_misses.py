"""What the bot did not know: masked, grouped, without doubles and without what is labelled."""

from ruamel.yaml import YAML

from bot.corpus import Example
from bot.misses import MARKED, OUTSIDE, UNSURE, Miss, as_yaml, masked, worth_labelling


def test_what_tells_who_wrote_is_masked() -> None:
    text = masked("我叫王小明，电话138 1234 5678\n订单LN2026112400123 a.b@c.com https://x.y/z 3件")
    assert text == "＊，电话＊ 订单＊ ＊ ＊ 3件"


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
    blocks = YAML(typ="safe").load(text)["nlu"]
    assert [block["intent"] for block in blocks] == ["b", "a", "???"]
    assert blocks[0]["examples"] == "- 乙\n- 丙\n"
    assert as_yaml([Miss("甲", MARKED, "a", "这样答")]).count("甲 → 这样答") == 1
