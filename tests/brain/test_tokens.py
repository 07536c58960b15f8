"""The words of fifty sentences: a sentence that silently becomes one word would teach nothing."""

import pytest
from components.tokens import tokens

from bot.normalizing import normalized

PINNED = """\
请问 / 上海 / 的 / 店 / 周末 / 几点 / 开门
你们 / 在 / 北京 / 有 / 几家 / 门店
怎么 / 加入 / 会员
会员 / 有 / 什么 / 权益
我 / 的 / 积分 / 还 / 剩 / 多少
积分 / 什么 / 时候 / 过期
生日 / 当月 / 有 / 什么 / 礼物
怎么 / 升级 / 到 / 金卡
会员卡 / 丢 / 了 / 怎么 / 补办
想 / 给 / 女朋友 / 买个 / 生日礼物
一千左右 / 送 / 妈妈 / 什么 / 好
这 / 条 / 项链 / 是 / 什么 / 材质 / 的
这 / 款 / 香水 / 多少 / 钱
黑色 / 的 / 包 / 还有 / 货 / 吗
双十 / 一有 / 什么 / 优惠活动
优惠券 / 怎么 / 用 / 不了
我 / 的 / 快递 / 到 / 哪 / 了
怎么 / 还 / 不 / 发货
包邮 / 吗 / 几天 / 能 / 到
能 / 不能 / 七天 / 无 / 理由 / 退货
退款 / 什么 / 时候 / 到 / 账
手链 / 断 / 了 / 可以 / 修 / 吗
银首饰 / 发黑 / 怎么 / 清洗
怎么 / 鉴别 / 是不是 / 正品
戒指 / 戴 / 几号 / 怎么 / 量
可以 / 刻字 / 吗 / 要 / 几天
帮 / 我 / 包装 / 成 / 礼盒 / 写张 / 贺卡
支持 / 花 / 呗 / 分期 / 吗
发票 / 抬头 / 写错 / 了 / 能 / 重开 / 吗
外国人 / 可以 / 办 / 离境 / 退税 / 吗
寄 / 到 / 美国 / 要交 / 关税 / 吗
想 / 预约 / 周六 / 下午 / 到 / 店
预约 / 改 / 到 / 下周 / 可以 / 吗
我 / 十分钟 / 后 / 到 / 你们 / 店
我要 / 投诉 / 你们 / 的 / 店员
转 / 人工 / 客服
你 / 是 / 机器人 / 吗
你们 / 还 / 招人 / 吗
别 / 再 / 给我发 / 广告 / 了
把 / 我 / 的 / 个人信息 / 删掉
停车 / 方便 / 吗
公司 / 团购 / 有 / 折扣 / 吗
刚买 / 就 / 降价 / 能补 / 差价 / 吗
收货 / 地址 / 填错 / 了 / 能 / 改 / 吗
不 / 想要 / 了 / 帮 / 我 / 取消 / 订单
请问 / 门市 / 几点 / 开始 / 营业
呢 / 条颈 / 链仲有 / 冇 / 货 / 呀
我 / 想 / check / 一下 / 我 / 的 / order
what / time / do / you / close / on / sunday
fapiao / zenme / kai
"""


def test_there_are_fifty() -> None:
    assert len(PINNED.splitlines()) == 50


@pytest.mark.parametrize("line", PINNED.splitlines())
def test_the_words_are_as_pinned(line: str) -> None:
    wanted = line.split(" / ")
    spaces = " " if line.isascii() else ""
    assert tokens(normalized(spaces.join(wanted))) == wanted


def test_nothing_is_lost() -> None:
    assert "".join(tokens(normalized("請問 3號店，check一下？"))) == "请问3号店,check一下?"
