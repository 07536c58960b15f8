"""The benchmark's own rules: what it sends, when a rate is held, and how it judges."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from redis.asyncio import Redis

from bot.messages import Inbound
from connectors.rasa import RasaBrain
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Supervisor
from tests.bench import (
    adapter,
    echo,
    load,
    measuring,
    quick_brain,
    rates,
    stretches,
    switching,
    texts,
    verdicts,
)
from tests.bench.envelopes import Envelopes
from tests.bench.load import HALF_FREQUENT, Task
from tests.bench.machine import Machine
from tests.bench.measuring import Offered, Round
from tests.bench.plan import QUICK
from tests.bench.report import CALLBACK, OURS, Report
from tests.bench.sides import Side
from tests.bench.stretches import Bench

ACCOUNT: dict[str, Any] = {"app_id": "wx0123456789abcdef", "token": "token", "aes_key": "k" * 43}
ENVELOPES = Envelopes(ACCOUNT["token"], ACCOUNT["aes_key"], ACCOUNT["app_id"])
MACHINE = Machine("any", 2, 8.0, 0.0)


def offered(rate: float, **other: object) -> Offered:
    """A rate that was held, but for ``other``."""
    held = Offered("ours", rate, 100, 30.0, 60.0, 90.0, 0.1, {}, {"answered": 100})
    return replace(held, **other)  # type: ignore[arg-type]


@pytest.fixture
async def site() -> AsyncIterator["Site"]:
    site = Site()
    yield site
    await site.close()


class Site:
    """Serves applications on ports of their own."""

    def __init__(self) -> None:
        self._runners: list[web.AppRunner] = []

    async def serve(self, app: web.Application) -> str:
        """The address of ``app``, served from now on."""
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def close(self) -> None:
        """End all of them."""
        for runner in reversed(self._runners):
            await runner.cleanup()


def test_distinct_texts_are_distinct() -> None:
    some = list(islice(texts.mixed(1), 3000))
    assert len(set(some)) == len(some)


def test_half_of_the_texts_are_frequent_and_the_rest_distinct() -> None:
    some = list(islice(texts.half_frequent(1), 4000))
    rare = [text for text in some if text not in texts.FREQUENT]
    assert len(set(texts.FREQUENT)) == 200
    assert len(rare) / len(some) == pytest.approx(1 / 2, abs=0.03)
    assert len(set(rare)) == len(rare)


def test_the_first_of_the_frequent_texts_comes_most_often() -> None:
    some = list(islice(texts.half_frequent(2), 4000))
    assert max(texts.FREQUENT, key=some.count) == texts.FREQUENT[0]


def test_every_text_ends_its_sentence() -> None:
    some = [*islice(texts.mixed(3), 2000), *texts.FREQUENT]
    assert {text[-1] for text in some} <= set("。？！～")


def test_arrivals_keep_to_their_rate_and_are_the_same_for_every_side() -> None:
    one, other = (list(load.intervals(20.0, 5, 4000)) for _ in range(2))
    assert one == other
    assert statistics.mean(one) == pytest.approx(1 / 20, rel=0.1)


async def test_an_open_loop_does_not_wait_for_answers(site: Site) -> None:
    together = 0

    async def slow(request: web.Request) -> web.Response:
        nonlocal together
        together += 1
        # Nobody is answered before the tenth is there: a closed loop would stand still for ever.
        while together < 10:
            await asyncio.sleep(0.01)
        return web.json_response([{"text": "好"}])

    app = web.Application()
    app.add_routes([web.post("/", slow)])
    url = await site.serve(app)
    met = await measuring.offered(Side("any", "rest", url), 50.0, 0.2, 1)
    assert met.outcomes == {"answered": 10}


async def test_an_open_loop_can_be_ended_early(site: Site) -> None:
    app = web.Application()
    app.add_routes([web.post("/", answered)])
    url = await site.serve(app)
    task = Task("rest", url, 1000, 0, 1, rate=20.0)
    async with measuring.generator(task, 60) as generator:
        await generator.go()
        await asyncio.sleep(0.5)
        await generator.stop()
        await generator.done()
        result = await generator.result()
    assert 0 < len(result.milliseconds) < 1000


async def answered(request: web.Request) -> web.Response:
    return web.json_response([{"text": "好"}])


@pytest.mark.parametrize(
    "fault",
    [
        {"outcomes": {"answered": 99, "status 500": 1}},
        {"slowest_ms": 5001.0},
        {"drain": 2.0},
    ],
)
def test_a_rate_is_not_held_when_an_answer_fails_or_is_late_or_a_queue_grows(
    fault: dict[str, object],
) -> None:
    assert rates.is_held(offered(10.0))
    assert not rates.is_held(offered(10.0, **fault))


async def test_the_rate_grows_until_it_is_not_held() -> None:
    async def measure(rate: float) -> Offered:
        return offered(rate, drain=2.0 if rate > 8 else 0.1)

    tried = [each async for each in rates.growing(10.0, measure)]
    assert [each.rate for each in tried] == [6.0, 7.0, 8.0, 9.0]
    assert rates.just_held(tried) == 8.0


async def test_the_adapter_brings_stocks_answers_through_the_callback(site: Site) -> None:
    asked: list[object] = []

    async def rest(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response([{"text": "十点开门。"}, {"image": "x"}, {"text": "欢迎。"}])

    app = web.Application()
    app.add_routes([web.post("/rest", rest)])
    url = await site.serve(adapter.create_app(ENVELOPES, f"{await site.serve(app)}/rest"))
    status, body = await pushed(url, "几点开门？")
    assert load.KINDS["wechat"][1](task(url), status, body) == "answered"
    assert [each["message"] for each in asked] == ["几点开门？"]  # type: ignore[index]


async def test_the_adapter_refuses_what_is_not_signed(site: Site) -> None:
    url = await site.serve(adapter.create_app(ENVELOPES, "http://127.0.0.1:9"))
    status, _ = await pushed(url, "几点开门？", token="another")
    assert status == 500


async def test_the_durable_echo_has_each_message_in_its_store(site: Site, tmp_path: Path) -> None:
    store, supervisor = EmbeddedStore.in_folder(tmp_path / "store"), Supervisor(tmp_path / "log")
    await supervisor.start(store.child(), ready_seconds=20)
    try:
        url = await site.serve(echo.create_app(ENVELOPES, store.url))
        status, body = await pushed(url, "几点开门？")
        async with Redis.from_url(store.url, decode_responses=True) as redis:
            assert await redis.lrange(echo.MESSAGES, 0, -1) == ["几点开门？"]
        assert load.KINDS["wechat"][1](task(url), status, body) == "answered"
    finally:
        await site.close()
        await supervisor.stop()
        store.remove()


async def test_the_quick_brain_speaks_the_brains_channel(site: Site) -> None:
    url = await site.serve(quick_brain.create_app())
    message = Inbound("7", "wx", "o123456", "text", time.time(), "几点开门？")
    async with ClientSession() as session:
        brain = RasaBrain(session, lambda: (url,), 5.0)
        assert await brain.is_ready()
        turn = await brain.ask(message)
    assert turn.trouble is None
    assert [reply.text for reply in turn.replies] == [quick_brain.SAID]


def test_failed_turns_are_read_from_the_metrics() -> None:
    metrics = (
        'bida_brain_turns_total{result="answered"} 90.0\n'
        'bida_brain_turns_total{result="brain_error"} 2.0\n'
        'bida_brain_turns_total{result="brain_slow"} 1.0\n'
        'bida_brain_turns_created{result="brain_slow"} 1.7e9\n'
    )
    assert switching.faults_in(metrics) == 3


def test_a_lost_message_a_late_answer_and_grown_memory_are_missed_targets() -> None:
    met = offered(10.0, messages=101, slowest_ms=5200.0)
    memory = [{"connector": 100.0, "brain": 900.0}, {"connector": 200.0, "brain": 950.0}]
    report = Report(MACHINE, switched=switching.Switched(met, [60.0], memory, 0))
    judged = [each.is_reached for each in verdicts.verdicts(report)]
    assert judged == [False, False, True, False]


def test_throughput_is_judged_by_the_mix_of_the_texts() -> None:
    crowds = [
        Round(OURS, 8, 18.0, 1.0, 2.0, {}, {}),
        Round(CALLBACK, 8, 10.0, 1.0, 2.0, {}, {}),
        Round(OURS, 8, 18.0, 1.0, 2.0, {}, {}, HALF_FREQUENT),
        Round(CALLBACK, 8, 10.0, 1.0, 2.0, {}, {}, HALF_FREQUENT),
    ]
    found = list(verdicts.verdicts(Report(MACHINE, crowds=crowds)))
    assert [(each.target, each.is_reached) for each in found] == [(1.5, True), (2.0, False)]


def test_a_report_of_one_stretch_has_its_tables_alone() -> None:
    at_rate = [offered(8.0, side=OURS, p99_ms=20.0), offered(8.0, side=CALLBACK)]
    report = Report(MACHINE, offered=at_rate, held_rate=8.0, cut=["switch"])
    assert "offered messages/s" in report.as_text()
    assert "connections" not in report.as_text()
    assert [each.is_reached for each in verdicts.verdicts(report)] == [True]
    assert "CUT OFF  switch" in verdicts.as_text(report)
    json.dumps(report.as_json())


def task(url: str) -> Task:
    return Task("wechat", f"{url}/wechat", 1, 1, 1, **ACCOUNT)


async def pushed(url: str, content: str, **other: str) -> tuple[int, bytes]:
    """What comes back for one push with this text."""
    text = load.Text("o" + "x" * 27, 1, content)
    request = load.KINDS["wechat"][0](replace(task(url), **other), text)  # type: ignore[arg-type]
    async with ClientSession() as session:
        headers = {"Content-Type": request.content_type}
        async with session.post(request.url, data=request.body, headers=headers) as response:
            return response.status, await response.read()


async def test_a_stretch_that_takes_too_long_is_cut_off_and_its_starts_do_not_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stretches, "FOLDER", tmp_path)
    done: list[str] = []

    @asynccontextmanager
    async def slow_start() -> AsyncIterator[Side]:
        await asyncio.sleep(0.3)
        yield Side("slow", "rest", "")

    async def starting(bench: Bench) -> None:
        await bench._side("slow", slow_start)
        done.append("starting")

    async def endless(bench: Bench) -> None:
        await asyncio.Event().wait()

    for name, stretch in (("training", starting), ("connector", endless)):
        monkeypatch.setitem(stretches.STRETCHES, name, stretch)
    plan = replace(QUICK, seconds={"training": 0.2, "connector": 0.2}, in_all=60)
    report = await Bench(plan).run()
    assert done == ["starting"]
    assert report.cut == ["connector"]
