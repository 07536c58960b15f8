"""A bare yes, no or piece of information: it goes on with what was talked of."""

import re
from collections.abc import Awaitable, Callable, Mapping

from actions.orders import asks_where
from actions.pieces import is_on_gifts, is_on_products, pieces_in, subject_of
from actions.rule_told import asks_of_rule, rule_told
from actions.turn import Asked, Reply, Say
from bot.brand import Brand
from bot.spelling import plain

Ability = Callable[[Asked], Awaitable[Reply]]

ANY_WILL_DO = re.compile(
    r"不限|随便|都(行|可以|好|得)|无所谓|没(有)?(要求|限制|预算|订单号|单号|编号)"
    r"|不知道|不记得|忘了|找不到|\bany(thing)?\b|whatever|don'?t (know|have|remember)|no idea"
)
DO_IT = re.compile(
    r"[帮给]我(办|弄|处理|申请|开|退|改|换|转)|就办|办吧|办一下|转(吧|接|过去|一下)"
    r"|\b(go ahead|do it|please proceed|apply for me|put me through)\b"
)
"""那现在就给我办 after a rule: what comes next is a person's."""
PERSON = re.compile(
    r"人工|客服|真人|专员|坐席|[叫找来派]人|联系我|\b(human|agent|person|representative|staff)\b"
)
CALLS_PERSON = re.compile(
    r"^(?!.*(不[用要想必]|不需要|别再?|没必要|无[需须]|唔[使好]).{0,3}[叫找派让]个人)(?!.*\b(don't|not|no|never)\b).*"
    r"([叫找派让]个人(来|给|帮|跟|打|联系)|\bhave (someone|somebody) (call|contact)\b)"
)
"""算了弄不来，你叫个人给我打电话: gives up, and wants a person."""
HOW = re.compile(r"(告诉|教|话|跟)我.{0,3}(怎么|点样|如何)|\btell me how\b")
"""不用转人工，你告诉我怎么弄就行, after a rule."""
CHANGEABLE = ("order_status", "order_change")
CANCEL = re.compile(
    r"(直接|干脆|那?就|还是|帮我|给我)取消|取消(掉|了?吧|订单|这单)|\b(just|please) cancel\b"
)
"""不改了，直接取消吧: ends no talk, but the order."""
KEEP = re.compile(
    r"(?:(?<!要)不(?:想|要|用|需要|打算|准备)?|[别甭勿]|没(?:说|想|打算)?要?)(?:给我|帮我|直接|就|再)?取消"
    r"|\b(?:not|don'?t|never)(?: \w+){0,2} cancel\b"
)
ENOUGH = re.compile(r"算了|不[买看问]了|回头再说|下次再|改天再|never ?mind|forget it|no worries")
REFUSES = re.compile(
    r"不|别|甭|算|没(事|有|了)|唔|冇|取消|错"
    r"|\b(no|not|nope|nah|none|never|don'?t|won'?t|isn'?t|neither|skip|stop|cancel|nvm|wrong)\b"
)
"""What a refusal says; 邻居也没拿 and 已经用了一点 refuse nothing."""
NEEDS_HELP = re.compile(
    r"怎么办|[咋点]办|咋整|点算|你(们)?(直接|来)?(帮|查|处理)|(?<![不别])(?<!不用)(?<!不要)帮(我|忙)(查|看|弄|处理|问|办)"
    r"|\b(what (do|should|can) i do|do it for me|check( it)? for me)\b"
)
"""我没时间看小程序 你直接帮我查, 发票没有了怎么办: wants help, and refuses nothing."""
EITHER_OR = re.compile(r"(\w)[不没唔]\1")
"""使唔使: asks, and refuses nothing."""
WRONG = re.compile(r"不对|不是|(?<![不没])错|wrong|not what|that's not|incorrect|唔系|唔啱")


async def continue_(
    brand: Brand, abilities: Mapping[str, Ability], retell: Ability, unsure: Ability, asked: Asked
) -> Reply:
    """Take the message up by the ability whose turn it is; ``abilities``: by subject."""
    if asked.kept("subject") in CHANGEABLE and _cancels(asked):
        return await abilities["order_cancel"](asked)
    if asked.intent == "deny" and CALLS_PERSON.match(plain(asked.text)):
        return Reply((Say("utter_human_agent"),), {"awaiting": None})
    if asked.kept("awaiting") == "order_no" and asks_where(asked):
        return await abilities[str(asked.kept("subject"))](asked)
    if asked.intent == "deny" and rule_told(asked) and HOW.search(plain(asked.text)):
        return await retell(asked)
    if asked.intent == "deny" and (_refuses_person(asked) or not _goes_on(brand, asked)):
        return await _denied(unsure, asked)
    if asked.intent == "inform" and asks_of_rule(brand, asked):
        return await retell(asked)
    is_offered = rule_told(asked) or asked.awaits_person
    if asked.intent == "affirm" and is_offered and DO_IT.search(plain(asked.text)):
        return Reply((Say("utter_human_agent"),), {"awaiting": None})
    subject = subject_of(brand, asked) or (
        "gift_ideas" if asked.intent == "deny" and is_on_gifts(asked) else None
    )
    if subject:
        return await abilities[subject](asked)
    return (
        Reply((Say("utter_thanks"),), {"awaiting": None, "subject": None})
        if asked.intent == "affirm" and not asked.was_last("clarify")
        else await unsure(asked)
    )


def _cancels(asked: Asked) -> bool:
    text = plain(asked.text)
    return bool(CANCEL.search(text)) and not KEEP.search(text)


def _refuses_person(asked: Asked) -> bool:
    """不用转人工，我自己看: who looks by themselves names nobody to give something to."""
    return bool(PERSON.search(plain(asked.text)))


def _goes_on(brand: Brand, asked: Asked) -> bool:
    """不要上海，要北京 and 不限 are a no that answers; 我对象不想去了 opens no talk of gifts."""
    is_answer = subject_of(brand, asked) != "gift_ideas" or is_on_products(asked)
    is_asked = bool(asked.kept("awaiting")) or is_on_gifts(asked)
    is_any = is_asked and bool(ANY_WILL_DO.search(plain(asked.text)))
    # He is a gents only, and travelling so much: hardly a no, where gifts were proposed.
    is_remark = is_on_gifts(asked) and asked.is_weak and not ENOUGH.search(plain(asked.text))
    return is_any or is_remark or bool(pieces_in(brand, asked) and is_answer)


async def _denied(unsure: Ability, asked: Asked) -> Reply:
    """No to a guess or an answer is for a person; no to a question or an offer is the end of it."""
    text = plain(asked.text)
    is_doubtful = asked.is_weak and not REFUSES.search(EITHER_OR.sub("", text))
    if is_doubtful or NEEDS_HELP.search(text):
        return await unsure(asked)
    is_wrong = (asked.was_last("clarify") or WRONG.search(text)) and not ENOUGH.search(text)
    is_to_person = is_wrong and not asked.kept("awaiting")
    if is_to_person:
        return await unsure(asked)
    # 她不戴手表 may be followed by 有便宜点的吗; after 算了 nothing is.
    ended = {"subject": None} if ENOUGH.search(text) else {}
    return Reply((Say("utter_cancelled"),), {"awaiting": None, **ended})
