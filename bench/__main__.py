"""`python -m bench`, behind `make bench`: Firstline beside stock Rasa, interleaved in one run."""

from __future__ import annotations

import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click
import uvloop

from bench.figures import (
    ageing_figures,
    idle_figures,
    latency_figures,
    load_figures,
    mail_figures,
    own_figures,
    ratios,
    understanding_figures,
)
from bench.mails import measure_mails
from bench.measure import (
    FULL,
    QUICK,
    Sizes,
    measure_ageing,
    measure_latency,
    measure_load,
    memory,
)
from bench.processes import can_measure, installed_size
from bench.report import own_table, table, write
from bench.scripts import Scripts
from bench.sides import Firstline, Side, SideFailed, Stock
from bench.streams import measure_idle
from bench.training import StockBot, last_trained_stock, trained_stock
from bench.understanding import measure_understanding
from bot.settings import ROOT
from bot.setup.places import venv

GREETING = "are you a bot"
OTHERS_TURNS = 55


def tell(text: str) -> None:
    """A line of progress, with the time since the start."""
    print(f"[bench {time.monotonic() - _BEGAN:6.1f} s] {text}", file=sys.stderr, flush=True)


_BEGAN = time.monotonic()


async def measure(stock: StockBot, sizes: Sizes, folder: Path) -> dict[str, Any]:
    """All figures of both sides; everything started is stopped again."""
    scripts = Scripts(ROOT / "data")
    sides = (
        Firstline(folder / "firstline"),
        Stock(folder / "stock", stock.folder, stock.model),
    )
    try:
        starts = await _starts(sides, sizes.starts)
        latency = await measure_latency(sides, scripts, sizes.latency_rounds, tell)
        load = await measure_load(sides, scripts, sizes, tell)
        ageing = await measure_ageing(sides, scripts, sizes.ageing_rounds, tell)
        found = {
            side.name: {
                "start_seconds": statistics.median(starts[side.name]),
                "latency": latency_figures(latency[side.name]),
                "load": {str(n): load_figures(it) for n, it in load[side.name].items()},
                "ageing": ageing_figures(ageing[side.name]),
                "memory": memory(side) if can_measure() else None,
            }
            for side in sides
        }
        ours = found[Firstline.name]
        idle = await measure_idle(sides[0], scripts, sizes.streams, OTHERS_TURNS, tell)
        ours["idle"] = idle_figures(idle)
        sides[0].stop()
        tell("understanding a message")
        ours["understanding"] = understanding_figures(measure_understanding(scripts))
        for name, figures in (await _two_workers(sides[1], scripts, sizes, folder)).items():
            found[name]["two_workers"] = figures
        tell("mails")
        with tempfile.TemporaryDirectory(prefix="firstline-bench-") as mails:
            ours["mails"] = mail_figures(await measure_mails(Path(mails), sizes.cases))
        return found
    finally:
        for side in sides:
            side.stop()


async def _two_workers(
    stock: Stock, scripts: Scripts, sizes: Sizes, folder: Path
) -> dict[str, dict[str, Any]]:
    """The highest load once more, with two engine workers."""
    busiest = max(sizes.loads)
    side = Firstline(folder / "two-workers", workers=2)
    try:
        await side.start(GREETING)
        load = await measure_load((side, stock), scripts, replace(sizes, loads=(busiest,)), tell)
        return {name: load_figures(blocks[busiest[0]]) for name, blocks in load.items()}
    finally:
        side.stop()


async def _starts(sides: tuple[Side, Side], times: int) -> dict[str, list[float]]:
    """Seconds to the first answer, alternately; after the last round both sides keep running.

    One start more comes first: it reads the files into the system's cache and writes bytecode.
    """
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(times + 1):
        for side in sides:
            took = await side.start(GREETING)
            tell(
                f"{side.name}: {took:.1f} s to the first answer{'' if number else ' (not counted)'}"
            )
            if number:
                seconds[side.name].append(took)
            if number < times:
                side.stop()
    return seconds


def _results(measured: dict[str, Any], stock: StockBot, sizes: Sizes) -> dict[str, Any]:
    ours, theirs = measured[Firstline.name], measured[Stock.name]
    ours["training_seconds"] = stock.training.firstline
    theirs["training_seconds"] = stock.training.stock
    ours["training_processor_seconds"] = stock.training.firstline_processor
    theirs["training_processor_seconds"] = stock.training.stock_processor
    engine, edge, other = (installed_size(venv(name)) for name in ("engine", "edge", "stock"))
    ours["installed_mb"] = {"rasa": engine, "all": engine + edge}
    theirs["installed_mb"] = {"rasa": other, "all": other}
    about = (
        f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, commit {_commit()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the "
        f"end; training timed at {stock.training.at}. Interleaved in one run: ratios hold, "
        "milliseconds are this machine's."
    )
    return {"about": about, "sizes": repr(sizes), "firstline": ours, "stock": theirs}


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _prepare(retrain: bool, last_stock: bool) -> StockBot:
    tell("environments and models")
    for command in (["bin/setup", "run", "stock"], ["bin/firstline", "train"]):
        done = subprocess.run(
            [str(ROOT / command[0]), *command[1:]], check=False, stdout=sys.stderr
        )
        if done.returncode != 0:
            sys.exit(done.returncode)
    tell("the stock bot; training it takes minutes when it does not fit the data")
    return last_trained_stock() if last_stock else trained_stock(retrain)


@click.command()
@click.option("--quick", is_flag=True, help="Few rounds: about four minutes instead of twenty.")
@click.option("--retrain", is_flag=True, help="Train both sides anew, to time it.")
@click.option(
    "--last-stock",
    is_flag=True,
    help="Stock Rasa's model that was trained last, even if examples have changed since.",
)
@click.option(
    "--latency-rounds", type=click.IntRange(1), help="Conversations a side, one at a time."
)
@click.option("--load-rounds", type=click.IntRange(1), help="Rounds of each load.")
@click.option("--starts", type=click.IntRange(1), help="Starts a side that are counted.")
@click.option("--ageing-rounds", type=click.IntRange(1), help="Long conversations a side.")
@click.option("--streams", type=click.IntRange(1), help="Idle event streams.")
@click.option("--cases", type=click.IntRange(10), help="Filed cases whose mails are sent.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "results", help="For the results."
)
def bench(quick: bool, retrain: bool, last_stock: bool, out: Path, **given: Any) -> None:
    """Measure Firstline side by side with stock Rasa 3.6.21, interleaved in one run."""
    sizes = replace(QUICK if quick else FULL, **{k: v for k, v in given.items() if v is not None})
    stock = _prepare(retrain, last_stock)
    with tempfile.TemporaryDirectory(prefix="firstline-bench-") as folder:
        results = _results(uvloop.run(measure(stock, sizes, Path(folder))), stock, sizes)
    found = ratios(results["firstline"], results["stock"])
    print(table(found), own_table(own_figures(results["firstline"])), sep="\n\n")
    print(f"\n{results['about']}")
    for path in write(out, results, found):
        print(path)


def main() -> None:
    """Run; what goes wrong on purpose is one line and exit code 1."""
    # A plain kill ends like Ctrl-C: what was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        bench(prog_name="firstline bench")
    except SideFailed as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
