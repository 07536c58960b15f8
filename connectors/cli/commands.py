"""The commands of ``bida``."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvloop

from bot import training
from bot.ledger import Audit, audit
from bot.live import FileError
from bot.models import NoSuchModel
from bot.ports import StoreDown
from bot.training import TrainingFailed
from connectors.accounts import load_accounts
from connectors.backup import BackupFault
from connectors.cli import places
from connectors.cli.account import add_account_options, chosen_settings
from connectors.cli.data_commands import add_data_commands
from connectors.cli.desk_commands import add_desk_commands
from connectors.cli.installation import Installation
from connectors.cli.nlu_commands import add_nlu_commands
from connectors.cli.processes import PortTaken
from connectors.cli.simulator_command import add_simulator_command
from connectors.cli.training import MODELS, live_model
from connectors.cli.wechat_commands import WechatFailed, add_wechat_commands
from connectors.logs import write_logs
from connectors.parts import open_parts
from connectors.roles import ROLES
from connectors.settings import Settings, SettingsError
from connectors.store.versions import WrongData
from connectors.supervisor import StartFailed

EXPLAINED = (
    SettingsError,
    FileError,
    PortTaken,
    StartFailed,
    TrainingFailed,
    NoSuchModel,
    StoreDown,
    BackupFault,
    WrongData,
    WechatFailed,
    OSError,
)
"""What people can mend themselves: shown as its sentence, without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except EXPLAINED as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bida", description="Bida 必答: every question gets an answer."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    add = commands.add_parser
    demo = add("demo", help="everything and a simulated WeChat")
    demo.add_argument("--var", type=Path, default=places.DEMO, help="where its data and logs lie")
    demo.set_defaults(command=_demo)
    add("serve", help="everything for the real WeChat").set_defaults(command=_serve)
    add("train", help="check nlu_data/ and train the model").set_defaults(command=_train)

    run = add("run", help="one connector process, for installations on several machines")
    run.add_argument("--role", action="append", choices=ROLES, help="default: all of them")
    run.add_argument("--simulated-clock", action="store_true", help="follow the simulator's clock")
    run.add_argument("--env-file", type=Path, default=places.ENV_FILE, help="default: .env")
    run.set_defaults(command=_run)

    add_simulator_command(commands)
    add_desk_commands(commands)
    add_nlu_commands(commands)
    add_data_commands(commands)
    add_wechat_commands(commands)
    model = add("model", help="which model is live").add_subparsers(required=True)
    model.add_parser("list", help="all models").set_defaults(command=_models)
    use = model.add_parser("use", help="let a model go live")
    use.add_argument("name")
    use.set_defaults(command=_model_use)
    back = model.add_parser("back", help="put the model before this one back")
    back.set_defaults(command=_model_back)
    ledger = add("ledger", help="what became of every enquiry").add_subparsers(required=True)
    check = ledger.add_parser("check", help="prove that no enquiry was forgotten")
    add_account_options(check)
    check.set_defaults(command=_ledger_check)
    return parser


def _demo(options: argparse.Namespace) -> None:
    Installation.for_demo(options.var.resolve()).run()


def _serve(options: argparse.Namespace) -> None:
    Installation.for_real().run()


def _train(options: argparse.Namespace) -> None:
    model = live_model()
    print(f"The model is ready: {model}.")
    print("`make demo` or `make serve` starts it; where one of them runs, it switches by itself.")


def _models(options: argparse.Namespace) -> None:
    record = MODELS.record()
    for name in MODELS.names():
        print(f"{'live  ' if name == record.live else '      '}{name}")
    print("`bida model back` puts the one before back; `bida model use <name>` any other.")


def _model_use(options: argparse.Namespace) -> None:
    MODELS.go_live(options.name, instead_of=training.fingerprint(places.ROOT))
    print(f"{options.name} goes live; a running installation switches within a minute.")


def _model_back(options: argparse.Namespace) -> None:
    print(f"{MODELS.put_back()} is put back; a running installation switches within a minute.")


def _run(options: argparse.Namespace) -> None:
    # Imported here: the web and action libraries take seconds to load, and no other command needs them.
    from connectors.app import serve

    accounts = load_accounts(options.env_file)
    _with_store(accounts[0])
    write_logs(accounts[0].log_level)
    roles = options.role or ROLES
    serving = serve(accounts, places.NLU_DATA, roles, simulated_clock=options.simulated_clock)
    uvloop.run(serving)


def _ledger_check(options: argparse.Namespace) -> int:
    settings = _with_store(chosen_settings(options))
    result = asyncio.run(_audited(settings, simulated_clock=options.demo))
    for line in _summary(result):
        print(line)
    return 0 if result.is_sound else 1


async def _audited(settings: Settings, *, simulated_clock: bool) -> Audit:
    async with open_parts(settings, places.NLU_DATA, simulated_clock=simulated_clock) as parts:
        if not await parts.connection.is_up():
            raise StoreDown("Redis does not answer: start it, or `make demo` or `make serve`.")
        entries = [entry async for entry in parts.conversations.ledger()]
        return audit(entries, parts.clock.now())


def _summary(result: Audit) -> Iterator[str]:
    yield f"enquiries   {result.enquiries}"
    yield f"open        {result.open}"
    for ending, count in sorted(result.reasons.items()):
        yield f"  {ending}  {count}"
    yield from (f"fault: {fault}" for fault in result.faults)
    yield from (f"orphan: {orphan}" for orphan in result.orphans)
    yield f"orphans     {len(result.orphans)}"
    yield f"unanswered  {result.unanswered} ({result.unanswered_share:.1%})"


def _with_store(settings: Settings) -> Settings:
    """Only the supervisor starts a store of its own; everything else has to be told where it is."""
    if settings.redis_url is None:
        raise SettingsError(
            "REDIS_URL is not set: a process on its own needs a Redis to share;"
            " `make serve` starts one by itself."
        )
    return settings
