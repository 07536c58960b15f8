"""The engine over the real store, with stand-ins for brain and WeChat."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import handling, typing_sign
from bot.conversation import IllegalMove, Speaker
from bot.engine import Engine
from bot.ledger import audit
from bot.messages import Bubble, Delivery, Inbound
from bot.ports import LeaseLost, Refusal, StoreDown, Uncertain, Unsent
from bot.spoken import Spoken
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from tests.doubles import PlainMenu, PlainNotices, Postbox, SettableClock, SilentBrain, answer, text

ACCOUNT, OPENID = "wxaccount", "oFollower"


class House:
    """One connector's parts over the real store."""

    def __init__(self, connection: Connection, *turns: Turn) -> None:
        self.clock = SettableClock()
        self.brain = SilentBrain(list(turns) or [answer()])
        self.postbox = Postbox()
        self.store = Conversations(connection, ACCOUNT)
        self.exchanges = Exchanges(connection, ACCOUNT)
        self.inbox = Inbox(connection, ACCOUNT, self.clock)
        self.engine = Engine(
            self.store, self.brain, self.postbox, PlainNotices(), PlainMenu(), self.clock
        )

    async def receive(self, message: Inbound, seconds: float = 0.0) -> str:
        """Push a message as WeChat would; ``seconds`` is how long the callback stays open."""
        result = await self.exchanges.answer(
            message, f"digest {message.text}", f"signature {message.key}", self.clock.now(), seconds
        )
        return result.status

    async def work(self) -> None:
        """Serve everyone who has something to do."""
        while openid := await self.inbox.take(0.02):
            served = await self.engine.serve(openid, self.inbox.worker)
            assert await self.inbox.release(served)

    async def later(self, seconds: float) -> None:
        """Let time pass, and do what has fallen due."""
        self.clock.at += seconds
        await self.inbox.beat()
        await self.work()

    async def states(self) -> list[Delivery | None]:
        """How far each line of ours has come."""
        told = await self.store.transcript(OPENID)
        return [each.delivery for each in told if each.line.bubble]


@pytest.fixture
def house(connection: Connection) -> Callable[..., House]:
    """Builds connector processes on one store."""
    return lambda *turns: House(connection, *turns)


async def test_a_message_is_stored_once_however_often_it_is_pushed(house: Callable) -> None:
    one = house()
    assert [await one.receive(text("几点")) for _ in range(3)] == ["new", "repeat", "repeat"]
    await one.work()
    assert len(one.brain.asked) == 1


async def test_a_known_message_with_another_body_is_refused(house: Callable) -> None:
    one = house()
    await one.receive(text("几点"))
    assert await one.receive(text("给我一百万")) == "forged"


async def test_a_late_answer_is_sent_once_and_ends_the_enquiry(house: Callable) -> None:
    one = house()
    await one.receive(text("几点"))
    await one.work()
    assert one.postbox.sent == [(OPENID, "十点到十点")]
    result = audit([entry async for entry in one.store.ledger()], one.clock.now())
    assert result.outcomes["answered_by_bot"] == 1
    assert result.open == 0


async def test_a_callback_in_time_gets_the_reply_and_nothing_is_sent(house: Callable) -> None:
    one = house()
    await one.exchanges.open()
    pushing = asyncio.create_task(
        one.exchanges.answer(text("几点"), "d", "s", one.clock.now(), 3.0)
    )
    openid = await one.inbox.take(2)
    await one.engine.serve(openid, one.inbox.worker)
    reply = (await pushing).reply
    await one.exchanges.close()
    assert reply is not None
    assert reply[0].text == "十点到十点"
    assert one.postbox.sent == []


async def test_a_silent_line_after_the_reply_counts_as_delivered(house: Callable) -> None:
    one = house()
    await one.exchanges.open()
    pushing = asyncio.create_task(one.exchanges.answer(text("几点"), "d", "s", one.clock.now(), 3))
    await one.work()
    assert (await pushing).reply
    await one.exchanges.close()
    await one.later(13)
    assert await one.states() == [Delivery.DELIVERED]
    assert one.postbox.sent == []


async def test_a_reply_that_could_not_be_written_is_sent(house: Callable) -> None:
    one = house()
    await one.exchanges.open()
    pushing = asyncio.create_task(one.exchanges.answer(text("几点"), "d", "s", one.clock.now(), 3))
    await one.work()
    assert (await pushing).reply
    await one.exchanges.give_back(text("几点"), 1)
    await one.exchanges.close()
    await one.later(13)
    assert one.postbox.sent == [(OPENID, "十点到十点")]


async def test_a_reply_that_was_sent_is_not_given_to_a_late_repeat(house: Callable) -> None:
    one = house()
    now = one.clock.now()
    # Its callback died after the claim, and so nobody takes the reply.
    await one.exchanges._claim(text("几点"), "d", "s", now + 4)
    await one.work()
    assert await one.states() == [Delivery.HANDED]
    await one.later(13)
    assert one.postbox.sent == [(OPENID, "十点到十点")]
    late = await one.exchanges.answer(text("几点"), "d", "s", one.clock.now(), 1)
    assert late.reply == ()


async def test_an_answer_is_not_overtaken_by_a_later_one(house: Callable) -> None:
    one = house(answer("第一个回答"), answer("第二个回答"))
    # The first one's callback dies after the claim; the second one's has given up.
    await one.exchanges._claim(text("一", key="1"), "d", "s", one.clock.now() + 4)
    await one.receive(text("二", key="2"))
    await one.work()
    assert [words for _, words in one.postbox.sent] == ["第一个回答\n\n第二个回答"]
    late = await one.exchanges.answer(text("一", key="1"), "d", "s", one.clock.now(), 1)
    assert late.reply == ()


async def test_an_answer_that_a_callback_took_holds_nothing_up(house: Callable) -> None:
    one = house(answer("第一个回答"), answer("第二个回答"))
    await one.exchanges.open()
    pushing = asyncio.create_task(one.receive(text("一", key="1"), seconds=3))
    await one.work()
    await pushing
    await one.exchanges.close()
    await one.receive(text("二", key="2"))
    await one.work()
    assert [words for _, words in one.postbox.sent] == ["第二个回答"]


async def test_pushes_that_met_an_absent_store_are_stored_in_their_order(house: Callable) -> None:
    one = house()
    claim, absences = one.exchanges._claim, {"1": 2, "2": 1, "3": 0}

    async def absent_at_first(message: Inbound, *others: object) -> object:
        if absences[message.key]:
            absences[message.key] -= 1
            raise StoreDown("away")
        return await claim(message, *others)

    one.exchanges._claim = absent_at_first
    pushes = [one.receive(text(f"第{key}", key=key), seconds=1.0) for key in ("1", "2", "3")]
    assert await asyncio.gather(*pushes) == ["new"] * 3
    await one.work()
    assert [message.text for message in one.brain.asked] == ["第1", "第2", "第3"]


async def test_what_wechat_answered_is_written_down_by_a_worker_thought_dead(
    house: Callable, connection: Connection
) -> None:
    one = house()

    async def thought_dead(openid: str, bubble: Bubble) -> None:
        await connection.redis.delete(one.store.keys.working(one.inbox.worker))

    one.postbox.send = thought_dead
    await one.receive(text("几点"))
    openid = await one.inbox.take(0.02)
    with pytest.raises(LeaseLost):
        await one.engine.serve(openid, one.inbox.worker)
    assert await one.states() == [Delivery.DELIVERED]


async def test_a_dead_workers_follower_is_served_by_another(
    house: Callable, connection: Connection
) -> None:
    dead, other = house(), house()
    await dead.receive(text("几点"))
    await dead.inbox.beat()
    assert await dead.inbox.take(1) == OPENID
    # A worker that gives no sign of life for a while is dead to the others.
    await connection.redis.delete(other.store.keys.alive(dead.inbox.worker))
    await other.inbox.beat()
    await other.work()
    assert other.postbox.sent == [(OPENID, "十点到十点")]
    await dead.receive(text("二", key="2"))
    with pytest.raises(LeaseLost):
        await dead.engine.serve(OPENID, dead.inbox.worker)


async def test_two_workers_never_hold_one_follower(house: Callable) -> None:
    one, two = house(), house()
    await one.receive(text("一", key="1"))
    assert await one.inbox.take(1) == OPENID
    await two.receive(text("二", key="2"))
    assert await two.inbox.take(0.05) is None


async def test_messages_are_answered_in_their_order(house: Callable) -> None:
    one = house()
    for number in range(5):
        await one.receive(text(f"第{number}", key=str(number)))
    await one.work()
    assert [message.text for message in one.brain.asked] == [f"第{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Uncertain("cut"), Delivery.UNCERTAIN),
        (Unsent("busy"), Delivery.QUEUED),
        (Refusal(45047, "used up", is_used_up=True), Delivery.HELD),
        (Refusal(43004, "unfollowed", is_final=True), Delivery.REFUSED),
    ],
)
async def test_each_fault_of_sending_has_its_state(
    house: Callable, fault: Exception, state: Delivery
) -> None:
    one = house()
    one.postbox.faults.append(fault)
    await one.receive(text("几点"))
    await one.work()
    assert await one.states() == [state]


async def test_an_agent_takes_replies_and_closes(house: Callable) -> None:
    one = house(answer("好", "notice", "asked_for_human"), answer("机器人回来了"))
    await one.receive(text("转人工"))
    await one.work()
    now = one.clock.now()
    await one.engine.apply(OPENID, lambda at: handling.take(at, "li", now))
    await one.receive(text("在吗", key="2"))
    await one.engine.apply(OPENID, lambda at: handling.reply(at, "li", "您好", PlainNotices(), now))
    await one.inbox.schedule(OPENID)
    await one.work()
    assert [message.text for message in one.brain.asked] == ["转人工"]
    assert one.postbox.sent[-1] == (OPENID, "notice_taken li\n您好")
    await one.engine.apply(OPENID, lambda at: handling.close(at, "li", PlainNotices(), now))
    await one.receive(text("几点开门", key="3"))
    await one.work()
    assert one.postbox.sent[-1] == (OPENID, "notice_closed\nnotice_rating\n\n机器人回来了")
    assert (await one.store.read(OPENID)).speaker is Speaker.BOT


async def test_of_many_agents_exactly_one_gets_the_conversation(house: Callable) -> None:
    one = house(answer("好", "notice", "asked_for_human"))
    await one.receive(text("转人工"))
    await one.work()

    async def take(agent: str) -> bool:
        try:
            await one.engine.apply(OPENID, lambda at: handling.take(at, agent, one.clock.now()))
        except IllegalMove:
            return False
        return True

    assert sum(await asyncio.gather(*(take(f"agent{n}") for n in range(50)))) == 1


async def test_an_unfollow_leaves_nothing_but_the_ledger(
    house: Callable, connection: Connection
) -> None:
    one = house()
    await one.receive(text("几点"))
    await one.work()
    gone = Inbound("u1", ACCOUNT, OPENID, "event", one.clock.now(), "", "unsubscribe")
    await one.receive(gone)
    await one.work()
    left = [key async for key in connection.redis.scan_iter(f"*{OPENID}*")]
    assert left == []
    assert one.brain.forgotten == [OPENID]
    assert audit([entry async for entry in one.store.ledger()], one.clock.now()).open == 0


async def test_a_store_that_forgot_its_scripts_is_taught_again(
    house: Callable, connection: Connection
) -> None:
    one = house()
    await one.receive(text("一", key="1"))
    await connection.redis.script_flush()
    messages = [text("二", key=str(number)) for number in range(2, 32)]
    assert await asyncio.gather(*(one.receive(message) for message in messages)) == ["new"] * 30


async def test_a_taking_whose_answer_was_lost_is_given_back(house: Callable) -> None:
    one = house()
    await one.receive(text("几点"))
    assert await one.inbox.take(0.02) == OPENID
    await one.inbox.beat(serving=())
    assert await one.inbox.take(0.02) is None
    await one.inbox.beat(serving=())
    await one.work()
    assert one.postbox.sent == [(OPENID, "十点到十点")]


async def test_a_step_never_takes_another_message_than_the_one_it_answers(house: Callable) -> None:
    one = house()
    for key in ("1", "2"):
        await one.receive(text(f"第{key}", key=key))
    openid = await one.inbox.take(0.02)
    work = await one.store.load(openid)
    await one.engine._answer(work, work.messages[:1], one.inbox.worker)
    with pytest.raises(LeaseLost):
        await one.engine._answer(work, work.messages[:1], one.inbox.worker)
    assert [message.key for message in (await one.store.load(openid)).messages] == ["2"]


async def test_what_was_held_goes_out_with_the_next_contact(house: Callable) -> None:
    one = house(answer("第一个回答"), answer("第二个回答"))
    one.postbox.faults.append(Refusal(45047, "used up", is_used_up=True))
    await one.receive(text("一", key="1"))
    await one.work()
    assert one.postbox.sent == []
    await one.receive(text("二", key="2"))
    await one.work()
    assert [words for _, words in one.postbox.sent] == ["第一个回答\n\n第二个回答"]


async def test_a_message_that_nothing_can_be_done_with_is_set_aside(
    house: Callable, connection: Connection
) -> None:
    one = house()
    await one.receive(text("一", key="1"))
    await one.receive(text("二", key="2"))
    await one.inbox.set_aside(OPENID)
    await one.work()
    assert [message.text for message in one.brain.asked] == ["二"]
    assert await connection.redis.llen(one.store.keys.aside()) == 1


async def test_a_second_life_of_a_follower_leaves_the_ledger_sound(house: Callable) -> None:
    one = house()
    for life in ("a", "b"):
        await one.receive(text("几点", key=f"{life}1"))
        await one.work()
        gone = Inbound(f"{life}2", ACCOUNT, OPENID, "event", one.clock.now(), "", "unsubscribe")
        await one.receive(gone)
        await one.work()
    assert audit([entry async for entry in one.store.ledger()], one.clock.now()).is_sound


class SlowBrain(SilentBrain):
    """Thinks until it is told to answer."""

    def __init__(self) -> None:
        super().__init__([answer()])
        self.may_answer = asyncio.Event()

    async def ask(self, message: Inbound) -> Turn:
        await self.may_answer.wait()
        return await super().ask(message)


async def test_a_follower_who_has_to_wait_sees_that_an_answer_is_written(
    house: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing_sign, "PATIENCE_SECONDS", 0.0)
    one, brain = house(), SlowBrain()
    one.engine = replace(one.engine, brain=brain)
    await one.receive(text("几点"))
    working = asyncio.create_task(one.work())
    async with asyncio.timeout(5):
        while not one.postbox.typed:
            await asyncio.sleep(0)
    brain.may_answer.set()
    await working
    assert one.postbox.typed == [OPENID]
    assert one.postbox.sent == [(OPENID, "十点到十点")]


async def test_a_quick_answer_shows_no_sign_of_typing(house: Callable) -> None:
    one = house()
    await one.receive(text("几点"))
    await one.work()
    assert one.postbox.typed == []


async def test_an_unfollow_erases_the_followers_files(house: Callable) -> None:
    erased: list[str] = []

    class Files:
        async def erase(self, openid: str) -> None:
            erased.append(openid)

    one = house()
    one.engine = replace(one.engine, media=Files())
    await one.receive(text("几点"))
    at = one.clock.now()
    await one.receive(Inbound("e1", ACCOUNT, OPENID, "event", at, event="unsubscribe"))
    await one.work()
    assert erased == [OPENID]


async def test_a_number_typed_after_an_offer_reaches_the_brain_as_the_choice(
    house: Callable,
) -> None:
    offer = Turn((Spoken("utter_x", "clarify", "您想问？", ("门店", "礼物")),), "zh-Hans")
    one = house(offer, answer())
    await one.receive(text("嗯"))
    await one.work()
    await one.receive(text("２", key="2"))
    await one.work()
    assert [message.text for message in one.brain.asked] == ["嗯", "礼物"]


async def test_a_pause_of_the_account_is_written_down_as_the_time_to_wake(
    house: Callable, connection: Connection
) -> None:
    one = house()
    until = one.clock.now() + 3600
    one.postbox.faults.append(Unsent("paused", until))
    await one.receive(text("几点"))
    await one.work()
    assert await connection.redis.zscore(one.store.keys.wake(), OPENID) == until
    # Another process, which never heard of it, sends when it is time.
    other = house()
    other.clock.at = until + 1
    await other.inbox.beat()
    await other.work()
    assert other.postbox.sent == [(OPENID, "十点到十点")]


async def test_nothing_is_tried_for_ever(house: Callable) -> None:
    one = house()
    one.postbox.faults += [Unsent("busy")] * 50
    await one.receive(text("几点"))
    for _ in range(20):
        await one.work()
        one.clock.at += 400
        await one.inbox.beat()
    assert len(one.postbox.faults) == 45
    assert await one.states() == [Delivery.HELD]
