"""The load generator, a process of its own: ``python -m tests.bench.load`` with a Task as JSON on its input.

It prepares all requests, prints ``ready``, waits for a line, sends, prints ``done`` and then a Result as JSON.

A closed loop: a connection serves one follower after the other, each message only after the answer to the one before.
An open loop (``rate``): messages go out at their times, whatever has become of those before; another line ends it.
"""

import asyncio
import contextlib
import json
import random
import secrets
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import islice

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from connectors.simulator import crypto
from connectors.simulator.envelope import Recipe, written
from connectors.wechat.library import fields_of
from tests.bench import texts

TIMEOUT_SECONDS = 60
EARLY, LATE, AROUND = 10, 500, 5
"""Messages of one conversation that are compared, each by the median of its neighbourhood."""

PAUSE_SECONDS = 14.0
"""Before the compared messages: a person would not have written the ones before within seconds, and what was answered
is settled after 12 s."""

DISTINCT, HALF_FREQUENT = "distinct", "half frequent"
TEXTS: dict[str, Callable[[int], Iterator[str]]] = {
    DISTINCT: texts.mixed,
    HALF_FREQUENT: texts.half_frequent,
}

ORIGINAL_ID = "gh_0123456789ab"


@dataclass(frozen=True)
class Task:
    """What to send where.

    ``kind``: ``wechat`` (safe mode), ``bida`` (the brain's channel), ``rest`` (stock's), ``parse`` (Rasa's own).

    ``conversation``: one follower writes ``messages`` and another EARLY + AROUND, and the last 2 * AROUND of both are
    sent by turns, so that what else the machine does meets both alike; else each follower writes ``each``.

    ``rate``: messages a second of an open loop, at the intervals of people who do not know of one another; 0.0: closed.
    """

    kind: str
    url: str
    messages: int
    connections: int
    seed: int
    conversation: bool = False
    texts: str = DISTINCT
    each: int = 1
    rate: float = 0.0
    app_id: str = ""
    token: str = ""
    aes_key: str = ""


@dataclass
class Result:
    """``milliseconds``: one for each message, in the order of its answer; ``outcomes``: how many of each kind.

    In an open loop a message's time begins when it was due; ``drain``: how many seconds after the last message was due
    the last answer came.
    """

    seconds: float
    milliseconds: list[float]
    outcomes: dict[str, int] = field(default_factory=dict)
    drain: float = 0.0


@dataclass(frozen=True)
class Request:
    """One message as it is posted."""

    url: str
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Text:
    """One message as it is typed; ``pause``: seconds of silence before it."""

    openid: str
    key: int
    content: str
    pause: float = 0.0


Prepare = Callable[[Task, Text], Request]
Judge = Callable[[Task, int, bytes], str]


def main() -> None:
    """Run one task."""
    task = Task(**json.loads(sys.stdin.readline()))
    prepare, judge = KINDS[task.kind]
    typed = _by_turns(task) if task.conversation else _typed(task)
    followers: Followers = deque(
        [(text.pause, prepare(task, text)) for text in each] for each in typed
    )
    print("ready", flush=True)
    sys.stdin.readline()
    sending = _sent_at_their_times if task.rate else _sent
    result, answers = asyncio.run(sending(task, followers))
    print("done", flush=True)
    result.outcomes = dict(Counter(judge(task, status, body) for status, body in answers))
    print(json.dumps(asdict(result)), flush=True)


def _typed(task: Task) -> Iterator[list[Text]]:
    first = time.time_ns() // 1000
    contents = list(islice(TEXTS[task.texts](task.seed), task.messages))
    for start in range(0, task.messages, task.each):
        openid, some = _openid(), contents[start : start + task.each]
        yield [Text(openid, first + start + n, content) for n, content in enumerate(some)]


def _by_turns(task: Task) -> Iterator[list[Text]]:
    first, (talker, newcomer) = time.time_ns() // 1000, (_openid(), _openid())
    contents = texts.conversation(task.messages)
    long = [Text(talker, first + n, content) for n, content in enumerate(contents)]
    short = [replace(each, openid=newcomer, key=each.key + task.messages) for each in long]
    last = short[EARLY - AROUND : EARLY + AROUND], long[-2 * AROUND :]
    turns = [text for both in zip(*last, strict=True) for text in both]
    turns[0] = replace(turns[0], pause=PAUSE_SECONDS)
    yield [*long[: -2 * AROUND], *short[: EARLY - AROUND], *turns]


def _openid() -> str:
    return "o" + secrets.token_urlsafe(20)[:27]


Followers = deque[list[tuple[float, Request]]]
Answers = list[tuple[int, bytes]]


async def _sent(task: Task, followers: Followers) -> tuple[Result, Answers]:
    times: list[float] = []
    answers: Answers = []

    async def connection(session: ClientSession) -> None:
        while followers:
            for pause, request in followers.popleft():
                await asyncio.sleep(pause)
                started = time.perf_counter()
                answers.append(await _post(session, request))
                times.append((time.perf_counter() - started) * 1000)

    connector = TCPConnector(limit=task.connections)
    timeout = ClientTimeout(total=TIMEOUT_SECONDS)
    async with ClientSession(connector=connector, timeout=timeout) as session:
        started = time.perf_counter()
        await asyncio.gather(*(connection(session) for _ in range(task.connections)))
        return Result(time.perf_counter() - started, times), answers


async def _sent_at_their_times(task: Task, followers: Followers) -> tuple[Result, Answers]:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    times: list[float] = []
    answers: Answers = []

    async def one(session: ClientSession, request: Request, due: float) -> None:
        answers.append(await _post(session, request))
        times.append((loop.time() - due) * 1000)

    timeout = ClientTimeout(total=TIMEOUT_SECONDS)
    async with ClientSession(connector=TCPConnector(limit=0), timeout=timeout) as session:
        first = due = loop.time()
        async with _told_to_stop(stopped), asyncio.TaskGroup() as sent:
            for after in intervals(task.rate, task.seed, len(followers)):
                if await _is_reached(due + after, stopped):
                    break
                due += after
                for _, request in followers.popleft():
                    sent.create_task(one(session, request, due))
        return Result(loop.time() - first, times, drain=loop.time() - due), answers


@contextlib.asynccontextmanager
async def _told_to_stop(stopped: asyncio.Event) -> AsyncIterator[None]:
    loop, told = asyncio.get_running_loop(), sys.stdin.fileno()

    def stop() -> None:
        loop.remove_reader(told)
        stopped.set()

    loop.add_reader(told, stop)
    try:
        yield
    finally:
        loop.remove_reader(told)


def intervals(rate: float, seed: int, count: int) -> Iterator[float]:
    """Seconds from each arrival to the next: exponentially distributed, as those of a Poisson process; all fixed by
    ``seed``, so that every side meets the same crowds.
    """
    rng = random.Random(seed)
    return (rng.expovariate(rate) for _ in range(count))


async def _is_reached(due: float, stopped: asyncio.Event) -> bool:
    """Wait until ``due``; whether ``stopped`` came before."""
    left = due - asyncio.get_running_loop().time()
    if left > 0:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await stopped.wait()
    return stopped.is_set()


async def _post(session: ClientSession, request: Request) -> tuple[int, bytes]:
    headers = {"Content-Type": request.content_type}
    try:
        async with session.post(request.url, data=request.body, headers=headers) as response:
            return response.status, await response.read()
    except (ClientError, TimeoutError) as error:
        return 0, type(error).__name__.encode()


def _pushed(task: Task, text: Text) -> Request:
    now = int(time.time())
    fields = (
        ("ToUserName", ORIGINAL_ID),
        ("FromUserName", text.openid),
        ("CreateTime", now),
        ("MsgType", "text"),
        ("Content", text.content),
        ("MsgId", text.key),
    )
    envelope = Recipe(
        xml=written(fields),
        mode="safe",
        openid=text.openid,
        original_id=ORIGINAL_ID,
        app_id=task.app_id,
        token=task.token,
        key=crypto.key_of(task.aes_key),
        timestamp=now,
        nonce=secrets.token_hex(5),
        prefix=secrets.token_bytes(16),
    ).envelope()
    query = "&".join(f"{name}={value}" for name, value in envelope.query.items())
    return Request(f"{task.url}?{query}", envelope.body, "text/xml")


def _pushed_outcome(task: Task, status: int, body: bytes) -> str:
    if status != 200:
        return f"status {status}"
    if body == b"success":
        return "later"
    sealed = str(fields_of(body)["Encrypt"])
    xml = crypto.unseal(sealed, crypto.key_of(task.aes_key), task.app_id)
    return "answered" if fields_of(xml).get("Content") else "empty"


def _asked(task: Task, text: Text) -> Request:
    body = {
        "account": task.app_id,
        "sender": text.openid,
        "message_id": str(text.key),
        "text": text.content,
        "time": time.time(),
    }
    return Request(task.url, json.dumps(body).encode(), "application/json")


def _asked_outcome(task: Task, status: int, body: bytes) -> str:
    is_answered = status == 200 and json.loads(body)["status"] == "ok"
    return "answered" if is_answered else f"status {status}"


def _rested(task: Task, text: Text) -> Request:
    body = {"sender": text.openid, "message": text.content}
    return Request(task.url, json.dumps(body).encode(), "application/json")


def _rested_outcome(task: Task, status: int, body: bytes) -> str:
    if status != 200:
        return f"status {status}"
    return "answered" if json.loads(body) else "empty"


def _parsed(task: Task, text: Text) -> Request:
    return Request(task.url, json.dumps({"text": text.content}).encode(), "application/json")


def _parsed_outcome(task: Task, status: int, body: bytes) -> str:
    return "understood" if status == 200 and json.loads(body)["intent"] else f"status {status}"


KINDS: dict[str, tuple[Prepare, Judge]] = {
    "wechat": (_pushed, _pushed_outcome),
    "bida": (_asked, _asked_outcome),
    "rest": (_rested, _rested_outcome),
    "parse": (_parsed, _parsed_outcome),
}

if __name__ == "__main__":
    main()
