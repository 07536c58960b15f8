"""What the benchmark's followers type, in the mix of subjects that a brand's window sees.

Each text is a complete sentence: none waits for a next bubble of the same thought.
"""

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
TAILS = (
    "。",
    "？",
    "呀？",
    "呢？",
    "，谢谢。",
    "哈。",
    "～",
    "，急。",
    "，麻烦了。",
    "，在线等。",
    "吗？",
    "！",
)
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
    "{lead}早上好，我又来了{tail}",
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

EVERYDAY = (
    "你们几点开门",
    "今天营业到几点",
    "周末开门吗",
    "国庆放假吗",
    "过年营业吗",
    "店在哪里",
    "上海有店吗",
    "北京的店在哪",
    "广州有没有专柜",
    "附近哪里有店",
    "怎么去你们店",
    "店里电话多少",
    "门口能停车吗",
    "怎么加入会员",
    "会员有什么好处",
    "会员怎么升级",
    "积分怎么用",
    "积分会过期吗",
    "我有多少积分",
    "生日有什么礼物",
    "会员打几折",
    "现在有什么活动",
    "送女朋友什么好",
    "送妈妈什么好",
    "送男朋友什么合适",
    "送老师什么合适",
    "五百以内送什么",
    "一千左右有什么推荐",
    "有什么新款",
    "可以刻字吗",
    "能包装成礼物吗",
    "有礼品卡吗",
    "怎么开发票",
    "可以退货吗",
    "多久可以换货",
    "我的快递到哪了",
    "什么时候发货",
    "包邮吗",
    "怎么保养",
    "坏了能修吗",
    "保修多久",
    "怎么辨别真假",
    "网上能买吗",
    "可以用支付宝吗",
    "能分期吗",
    "需要预约吗",
    "怎么预约到店",
    "你是机器人吗",
    "怎么找人工客服",
    "怎么投诉",
)
FRAMES = ("{}？", "请问{}？", "你好，{}？", "{}？谢谢。")

FREQUENT = tuple(frame.format(each) for each in EVERYDAY for frame in FRAMES)
"""The 200 texts that are typed again and again, the most frequent first."""


def mixed(seed: int) -> Iterator[str]:
    """Distinct texts without end, two in three of them about shops, gifts and membership."""
    rng, seen = random.Random(seed), set[str]()
    while True:
        kind = rng.choice(ANSWERABLE if rng.random() < 2 / 3 else OTHERS)
        text = _filled(kind if kind in OTHERS else "{lead}" + kind + "{tail}", rng)
        number = rng.randrange(1, 1000)
        text = text if text not in seen else f"{text[:-1]} {number}{text[-1]}"
        if text not in seen:
            seen.add(text)
            yield text


def half_frequent(seed: int) -> Iterator[str]:
    """Texts without end, half of them among FREQUENT, the n-th of these n times as rare as the first; else distinct."""
    rng, rare = random.Random(seed), mixed(seed)
    weights = [1 / place for place in range(1, len(FREQUENT) + 1)]
    while True:
        yield rng.choices(FREQUENT, weights)[0] if rng.random() < 1 / 2 else next(rare)


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
