"""``bida nlu``: what trainers ask of the model."""

import argparse
import asyncio
import webbrowser
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.corpus import Talk, examples, talks
from bot.misses import Miss, as_yaml, worth_labelling
from bot.ports import StoreDown
from bot.turn import Turn
from connectors.cli import places
from connectors.cli.account import add_account_options, chosen_settings
from connectors.cli.stage import Stage, open_stage, played, told
from connectors.cli.training import STAGE_LOGS, judged, live_model, run_tool
from connectors.settings import SettingsError
from connectors.store.connection import Connection
from connectors.store.misses import recent_misses

REPORT = places.VAR / "report.html"
MISSES = places.VAR / "misses.yml"
LOOK_SECONDS = 1.0
SHOWN = 5


def add_nlu_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``nlu try``, ``nlu report``, ``nlu misses`` and ``nlu talks`` to the command line."""
    nlu = commands.add_parser("nlu", help="what the model understands").add_subparsers(
        required=True
    )
    asking = nlu.add_parser("try", help="what it makes of a message")
    asking.add_argument("text", nargs="*", help="the message; without one it asks for messages")
    asking.add_argument("--rasa-url", default="http://127.0.0.1:5005", help="a brain that runs")
    asking.set_defaults(command=_try)
    report = nlu.add_parser("report", help="a page with pictures of how well it understands")
    report.add_argument("--open", action="store_true", help="show it in the browser")
    report.set_defaults(command=_report)
    misses = nlu.add_parser("misses", help="what it did not know of late, as a file to label")
    add_account_options(misses)
    misses.add_argument("--days", type=int, default=14, help="how far back; default: 14")
    misses.add_argument("--out", type=Path, default=MISSES, help=f"default: {MISSES.name} in var/")
    misses.set_defaults(command=_misses)
    talk = nlu.add_parser("talks", help="whether conversations go as written")
    talk.add_argument("folder", type=Path, nargs="?", default=places.NLU_DATA / "tests")
    talk.set_defaults(command=_talks)


def _try(options: argparse.Namespace) -> None:
    asyncio.run(_tried(" ".join(options.text), options.rasa_url))


async def _tried(text: str, url: str) -> None:
    async with _some_stage(url) as stage:
        follower = stage.follower()
        for each in [text] if text else _typed():
            turn = await follower.say(each)
            print("\n".join(_lines(await stage.parse(each), turn)), flush=True)
        await follower.leave()


def _typed() -> Iterator[str]:
    """Messages from the keyboard, until an empty one."""
    print("Write as a follower would; an empty line ends it.")
    while text := _line():
        yield text


def _line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


@asynccontextmanager
async def _some_stage(url: str) -> AsyncIterator[Stage]:
    """The brain that runs, if one does; else one of our own."""
    async with ClientSession() as session:
        if await _runs(session, url):
            yield Stage(url, session)
            return
    model = live_model()
    print("No brain runs; starting one for this, which takes about 20 s ...", flush=True)
    async with open_stage(model, STAGE_LOGS) as stage:
        yield stage


async def _runs(session: ClientSession, url: str) -> bool:
    try:
        timeout = ClientTimeout(total=LOOK_SECONDS)
        async with session.get(f"{url}/webhooks/bida/health", timeout=timeout) as answer:
            return answer.status == 200
    except (ClientError, TimeoutError, OSError):
        return False


def _lines(parsed: Mapping[str, Any], turn: Turn) -> Iterator[str]:
    """What one wants to see of a message, from the words to the answer."""
    yield f"  words      {' '.join(parsed['tokens'])}"
    entities = (f"{each['entity']}={each['value']}" for each in parsed["entities"])
    yield f"  entities   {', '.join(entities) or 'none'}"
    yield f"  intent     {parsed['intent']['name']} ({parsed['intent']['confidence']:.2f})"
    for each in parsed["intent_ranking"][:SHOWN]:
        bar = "█" * round(each["confidence"] * 20)
        yield f"    {each['confidence']:.2f} {bar:20} {each['name']}"
    for each in parsed["questions"]:
        yield f"  question   {each['text']} → {each['intent']}"
    for reply in turn.replies:
        yield f"  answer     {reply.name}" + (
            f", a person: {reply.hand_over}" if reply.hand_over else ""
        )
        yield from (f"    {line}" for line in reply.text.splitlines())
    if turn.trouble:
        yield f"  answer     none, the brain failed ({turn.trouble}); its log has more"


def _report(options: argparse.Namespace) -> None:
    model = live_model()
    print("Drawing the report; this takes about half a minute ...", flush=True)
    run_tool(["-m", "tools.report", str(judged(model)), "--out", str(REPORT)])
    print(f"The report is ready: {REPORT}")
    if options.open:
        webbrowser.open(REPORT.as_uri())


def _misses(options: argparse.Namespace) -> None:
    settings = chosen_settings(options)
    if settings.redis_url is None:
        raise SettingsError("REDIS_URL is not set, and no installation runs here: start it first.")
    found = asyncio.run(_found(settings.redis_url, settings.wechat_app_id, options.days))
    known = examples(places.NLU_DATA)
    chosen = worth_labelling(found, known)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(as_yaml(chosen), encoding="utf-8")
    print(f"{len(chosen)} of {len(found)} messages are worth labelling: {options.out}")
    print("Put the right intents in, move the file into nlu_data/nlu/ and run `make train`.")


async def _found(redis_url: str, account: str, days: int) -> list[Miss]:
    connection = Connection(redis_url)
    try:
        if not await connection.is_up():
            raise StoreDown("Redis does not answer: start it, or `make demo` or `make serve`.")
        return [miss async for miss in recent_misses(connection.redis, account, days)]
    finally:
        await connection.close()


def _talks(options: argparse.Namespace) -> int:
    written = talks(options.folder)
    results = asyncio.run(_gone_through(written))
    for line in told(results):
        print(line)
    right = sum(not faults for _, faults in results)
    print(f"{right} of {len(written)} conversations go as written.")
    return 0 if right == len(written) else 1


async def _gone_through(written: list[Talk]) -> list[tuple[Talk, list[str]]]:
    model = await asyncio.to_thread(live_model)
    async with open_stage(model, STAGE_LOGS) as stage:
        return await played(stage, written)
