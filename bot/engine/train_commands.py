"""The trainer's commands: `firstline train inbox|label|check|run|compare|list|promote|rollback`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.events import Event
from bot.engine.models import MODELS, fingerprint, model_path, serving_model
from bot.errors import FirstlineError
from bot.redis_link import connect
from bot.settings import ROOT, Settings, load_settings
from bot.training.check import ERROR, check
from bot.training.versions import SUFFIX, Versions

BAR = 24

T = TypeVar("T")
Options = argparse.Namespace


class Bar:
    """A line of progress on standard error; where that is no terminal, a line a stage."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stage = ""
        self._out = sys.stderr  # as it is now: training keeps what Rasa prints to itself

    def __call__(self, stage: str, part: float) -> None:
        """Shows how far the work has come, from 0 to 1."""
        seconds = time.monotonic() - self._began
        if self._out.isatty():
            done = round(part * BAR)
            print(f"\r{'█' * done}{'░' * (BAR - done)} {part:4.0%}  {stage} · {seconds:.0f} s\x1b[K",
                  end="\n" if part >= 1 else "", file=self._out, flush=True)  # fmt: skip
        elif stage != self._stage:
            print(f"{stage} …", file=self._out, flush=True)
        self._stage = stage


def _check(options: Options) -> int:
    found = check(ROOT)
    for finding in found:
        print(f"{finding.severity}: {finding.text}")
    errors = sum(finding.severity == ERROR for finding in found)
    print(f"{errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


def _run(options: Options) -> int:
    from bot.engine.train import train
    from bot.engine.trainer_jobs import STAGES

    bar = Bar()
    bar("Checking the data", 0.0)
    faults = [finding.text for finding in check(ROOT) if finding.severity == ERROR]
    if faults:
        raise FirstlineError("\n".join(faults))
    there = model_path(MODELS).is_file()
    path = train(MODELS, lambda it: bar(it, STAGES.get(it, 0.5)), getpass.getuser(), options.why)
    bar("Done", 1.0)
    print(f"{path.name.removesuffix(SUFFIX)} {'was there already' if there else 'trained'}. Next: "
          "`firstline train compare`, then `firstline train promote`")  # fmt: skip
    return 0


def _list(options: Options) -> int:
    versions = Versions(MODELS, load_settings().state_dir)
    live = _live_name(load_settings())
    present = fingerprint()
    for version in versions.all():
        marks = [word for word, name in (("live", live), ("of the present data", present))
                 if name == version.model]  # fmt: skip
        who = f" by {version.by}" if version.by else ""
        print(
            f"{version.model}  {version.trained_at:%Y-%m-%d %H:%M}{who}  {version.why} {' '.join(f'[{it}]' for it in marks)}"
        )
    for promotion in versions.history()[-10:]:
        print(
            f"live from {promotion.at:%Y-%m-%d %H:%M}  {promotion.model}  by {promotion.by}  {promotion.why}"
        )
    return 0


def _compare(options: Options) -> int:
    from bot.engine.compare import compare, other_model
    from bot.engine.trainer_jobs import MOST_REPLAYED
    from bot.training.collect import logs

    settings = load_settings()
    wanted = options.model or fingerprint()
    now = Versions(MODELS, settings.state_dir).path(wanted)
    was = other_model(wanted, options.against, MODELS, settings.state_dir)
    if not options.against and wanted == _live_name(settings):
        print(
            f"{wanted} is the live model itself; compared with the one before it", file=sys.stderr
        )
    nothing: list[tuple[str, list[Event]]] = []
    recorded = _with_redis(lambda redis: logs(redis, options.days, MOST_REPLAYED), nothing)
    found = compare(was, now, recorded, Bar())
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
        return 0
    print(f"{found.was} → {found.now}")
    print(
        f"held-out messages: family right in {found.right_was} → {found.right_now} of {found.messages}"
    )
    for it in found.changed_messages:
        print(f"  {_mark(it.wanted == it.now)} {it.text}: {it.was} → {it.now} (wanted {it.wanted})")
    print(f"conversation tests: {found.passed_was} → {found.passed_now} of {found.tests} pass")
    for test in found.changed_tests:
        print("\n    ".join([f"  {_mark(test.passes_now)} {test.name}", *test.faults]))
    print(
        f"recorded: {len(found.differences)} of {found.turns} turns in {found.conversations} conversations go differently"
    )
    for row in found.differences:
        print("\n".join([f"  customer: {row['text']}", *_answer("was", row), *_answer("now", row)]))
    return 0


def _answer(which: str, row: dict[str, Any]) -> list[str]:
    """An answer of several lines, each below the other."""
    first, *rest = str(row[which]).splitlines() or [""]
    return [f"    {which}: {first}", *(f"         {line}" for line in rest)]


def _mark(better: bool) -> str:
    return "+" if better else "-"


def _promote(options: Options) -> int:
    settings = load_settings()
    versions = Versions(MODELS, settings.state_dir)
    former = _live_name(settings)
    model = options.model or fingerprint()
    if model == former:
        raise FirstlineError(f"{model} is live already")
    done = versions.promote(model, getpass.getuser(), options.why, former)
    print(f"{done.model} is live. Conversations begun with {former or 'another model'} end on it. "
          "Back again: `firstline train rollback`")  # fmt: skip
    return 0


def _rollback(options: Options) -> int:
    done = Versions(MODELS, load_settings().state_dir).rollback(getpass.getuser(), options.why)
    print(f"{done.model} is live again, in place of {done.former}")
    return 0


def _live_name(settings: Settings) -> str:
    try:
        return serving_model(MODELS, settings.state_dir).name.removesuffix(SUFFIX)
    except FirstlineError:
        return ""


def _inbox(options: Options) -> int:
    from bot.engine.similar import grouped
    from bot.engine.trainer_jobs import similar_now
    from bot.training.collect import inbox
    from bot.training.inbox import REASONS

    found = _with_redis(lambda redis: inbox(redis, options.days), None)
    groups = grouped(similar_now(), found) if found else []
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(groups)).decode())
        return 0
    for group in groups:
        print(f"{len(group['messages'])} × {group['like']}")
        for row in group["messages"]:
            thought = row["thought"]
            print(f"  {row['id']}  {row['text']}")
            print(f"    {', '.join(REASONS[it] for it in row['reasons'])}; "
                  f"taken for {thought.get('intent')} ({thought.get('confidence', 0):.2f})")  # fmt: skip
            for near in row["nearest"]:
                print(f"    {near['score']:.2f} {near['label']}: {near['text']}")
    print(f"{len(found)} messages in {len(groups)} groups")
    return 0


def _label(options: Options) -> int:
    from bot.training.collect import log_of, settle
    from bot.training.files import Workspace
    from bot.training.label import New, keep_test, teach, teach_new

    settings = load_settings()
    workspace = Workspace(ROOT, settings.state_dir / "training")
    events, event = _with_redis(lambda redis: log_of(redis, options.message), None)
    text = options.text or str(event.body["text"])
    if options.answer:
        new = New(options.answer, options.title, options.category)
        taught = teach_new(workspace, text, options.label, new)
    else:
        taught = teach(workspace, text, options.label)
    print("\n".join([f"{taught.file}: - {taught.example}", *taught.missing]))
    if options.test:
        print(f"conversation test: {keep_test(workspace, events, event, options.label)}")
    if not workspace.writable:
        print("The checkout is read-only. The changes, as a patch:\n", file=sys.stderr)
        print(workspace.patch(), end="")
    _with_redis(
        lambda redis: settle(redis, [options.message], getpass.getuser(), options.label), None
    )
    return 0


def _with_redis(work: Callable[[Redis], Awaitable[T]], without: T | None) -> T:
    """What `work` reads from Redis; `without` where no desk is running. Raises `FirstlineError`."""

    async def run() -> T:
        url = load_settings().redis_url
        if not url and without is not None:
            return without
        if not url:
            raise FirstlineError(
                "Nothing is running. Start it with `make run`, or set FIRSTLINE_REDIS_URL"
            )
        redis = connect(url)
        try:
            return await work(redis)
        except RedisError as error:
            if without is not None:
                return without
            raise FirstlineError(f"Redis cannot be reached ({error})") from error
        finally:
            await redis.aclose()

    return asyncio.run(run())


COMMANDS: dict[str, tuple[Callable[[Options], int], str]] = {
    "inbox": (_inbox, "messages that were probably misread, in groups"),
    "label": (_label, "teach what a message of the inbox means"),
    "check": (_check, "find what is wrong in the training data"),
    "run": (_run, "check, and train a model of the present data"),
    "compare": (_compare, "what a model would do differently from the live one"),
    "list": (_list, "every model, with who, when and why"),
    "promote": (_promote, "make a model live, without a pause"),
    "rollback": (_rollback, "make the former model live again"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="firstline train")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {
        name: commands.add_parser(name, help=text, description=text)
        for name, (_, text) in COMMANDS.items()
    }
    for name in ("inbox", "compare"):
        made[name].add_argument("--days", type=float, default=7, help="how far back (%(default)s)")
        made[name].add_argument("--json", action="store_true", help="print it as JSON")
    for name in ("run", "promote", "rollback"):
        made[name].add_argument("--why", default="", help="what for; kept with the version")
    for name in ("compare", "promote"):
        made[name].add_argument(
            "model", nargs="?", default="", help="that of the present data if not given"
        )
    made["compare"].add_argument(
        "--against", default="", help="the live model if not given, or the one before it"
    )
    made["label"].add_argument("message", help="as `firstline train inbox` names it")
    made["label"].add_argument("label", help="an intent, report_problem/<problem> or faq/<article>")
    made["label"].add_argument("--text", default="", help="other words for the example")
    made["label"].add_argument(
        "--answer", default="", help="make the label, which there is not yet: what the bot answers"
    )
    made["label"].add_argument("--title", default="", help="of a new article")
    made["label"].add_argument("--category", default="", help="of a new article")
    made["label"].add_argument(
        "--test", action="store_true", help="keep the conversation as a test"
    )
    return parser


def run_command(arguments: Sequence[str]) -> int:
    """Runs the command that comes first; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS[options.command][0](options)
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
