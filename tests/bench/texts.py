"""What the benchmark's followers type: no two texts alike, in the mix of subjects that a brand's window sees."""

import random
from collections.abc import Iterator
from itertools import product

CITIES = ("上海", "北京", "广州", "深圳", "成都", "杭州", "南京", "武汉", "西安", "香港", "巴黎")
DAYS = (
    "今晚",
    "明天",
    "后天",
    "这周六",
    "周日",
    "下周三",
    "元旦",
    "国庆那几天",
    "平安夜",
    "10月3号",
)
PEOPLE = ("女朋友", "老妈", "我爸", "先生", "闺蜜", "同事", "领导", "女儿", "弟弟", "客户")
SUMS = ("三百", "500", "八百", "一千二", "1500", "两千出头", "3000", "四五千", "一万")
GOODS = ("项链", "香水", "围巾", "钱包", "手表", "口红", "耳环", "包", "茶具")
TAILS = ("", "？", "呀", "呢", "，谢谢", "哈", "～", "，急", "，麻烦了", "，在线等", "吗？", "。")
LEADS = ("", "你好，", "请问", "麻烦问一下，", "那个，", "想咨询下，", "亲，", "不好意思，", "hi，")

ANSWERABLE = (
    "{city}的门店{day}开到几点",
    "{day}去{city}店，晚上八点还营业",
    "{city}那边有你们的店，具体地址发我",
    "离{city}火车站最近的专柜怎么走",
    "给{person}挑个生日礼物，{sum}左右",
    "{sum}以内送{person}什么{good}好",
    "怎么才能成为你们家会员，要给{person}也办一张",
    "会员在{city}店买{good}能享受哪些优惠",
    "会员升到下一级要消费多少，我买了{sum}的{good}",
    "生日当月在{city}店买{good}送什么",
)
"""The bot answers each of these and goes on speaking, however many come in one conversation."""

OTHERS = (
    "{lead}早上好{tail}",
    "{good}收到了，很喜欢{tail}",
    "我积分还剩多少，够换{good}{tail}",
    "会员卡在{city}店刷不出来{tail}",
    "先这样，{day}再聊{tail}",
    "你是机器人还是{city}店的店员{tail}",
    "{day}{city}天气怎么样{tail}",
    "买{sum}的{good}能不能开发票{tail}",
    "{day}下单的{good}怎么还没发货{tail}",
    "{good}坏了要维修，找真人客服{tail}",
)


def mixed(seed: int) -> Iterator[str]:
    """Distinct texts without end, two in three of them about shops, gifts and membership."""
    rng, seen = random.Random(seed), set[str]()
    while True:
        kind = rng.choice(ANSWERABLE if rng.random() < 2 / 3 else OTHERS)
        text = _filled(kind if kind in OTHERS else "{lead}" + kind + "{tail}", rng)
        number = rng.randrange(1, 1000)
        text = text if text not in seen else f"{text} {number}"
        if text not in seen:
            seen.add(text)
            yield text


def conversation(length: int) -> list[str]:
    """One long conversation: the ten answerable subjects in turn, so that any ten neighbours hold the same work."""
    fills = list(product(CITIES, DAYS, PEOPLE, SUMS, GOODS))
    random.Random(0).shuffle(fills)
    names = ("city", "day", "person", "sum", "good")
    return [
        ANSWERABLE[number % len(ANSWERABLE)].format(**dict(zip(names, fills[number], strict=True)))
        for number in range(length)
    ]


def _filled(kind: str, rng: random.Random) -> str:
    return kind.format(
        lead=rng.choice(LEADS),
        tail=rng.choice(TAILS),
        city=rng.choice(CITIES),
        day=rng.choice(DAYS),
        person=rng.choice(PEOPLE),
        sum=rng.choice(SUMS),
        good=rng.choice(GOODS),
    )
