"""From measurements to figures: percentiles, ratios, aims. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.mails import Mailed
from bench.measure import EARLY, LATE_TURN, Block
from bench.scripts import FAQ_INSIDE, FAQ_OUTSIDE, FILING, FORM, REPORT
from bench.streams import Idle

SHOWN_KINDS = (FORM, FAQ_OUTSIDE, FAQ_INSIDE, REPORT, FILING)
PERCENTILES = (50, 95, 99)
UNDERSTANDING_AIM = 6.0  # milliseconds at the median


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of `values`, which are not empty."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """Mean and percentiles in milliseconds."""
    shown = {f"p{percent}": percentile(values, percent) * 1000 for percent in PERCENTILES}
    return {"mean": statistics.fmean(values) * 1000, **shown}


def latency_figures(block: Block) -> dict[str, Any]:
    """Milliseconds by kind of turn and over all, and the share of turns answered as meant."""
    kinds = {
        kind: milliseconds(block.seconds[kind]) for kind in SHOWN_KINDS if kind in block.seconds
    }
    return {
        "turns": block.turns,
        "kinds": kinds,
        "all": milliseconds(block.all_seconds),
        "processor_ms_per_turn": block.processor / block.turns * 1000,
        "as_meant": statistics.fmean(block.as_meant),
    }


def idle_figures(idle: Idle) -> dict[str, Any]:
    """What idle streams cost, and the p95 of others' turns without and with them."""
    grown = idle.memory - idle.memory_before
    return {
        "streams": idle.streams,
        "edge_mb": idle.memory,
        "per_gb": idle.streams / grown * 1000 if grown > 0 else None,
        "p95_before": percentile(idle.seconds_before, 95) * 1000,
        "p95": percentile(idle.seconds, 95) * 1000,
    }


def mail_figures(mailed: Mailed) -> dict[str, Any]:
    """How quickly the courier sends, and what a mail costs it."""
    return {
        "mails": mailed.mails,
        "per_second": mailed.mails / mailed.seconds,
        "processor_ms_per_mail": mailed.processor / mailed.mails * 1000,
    }


def understanding_figures(measured: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """By kind of message, how many there were and the percentiles of their milliseconds."""
    return {
        name: {
            "messages": len(values),
            "p50": percentile(values, 50),
            "p95": percentile(values, 95),
        }
        for name, values in measured.items()
    }


def load_figures(block: Block) -> dict[str, Any]:
    """Rates, milliseconds and processor time of one load."""
    return {
        "turns": block.turns,
        "intakes_per_second": block.intakes / block.lasted,
        "turns_per_second": block.turns / block.lasted,
        "processor_ms_per_turn": block.processor / block.turns * 1000,
        "as_meant": statistics.fmean(block.as_meant),
        **milliseconds(block.all_seconds),
    }


def ageing_figures(conversations: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Median milliseconds around turn 10 and around turn 250, and how they compare.

    The ratio is taken within each conversation, then the median of the conversations.
    """
    half = len(EARLY) // 2
    early = [statistics.median(one[EARLY.start - 1 : EARLY.stop - 1]) for one in conversations]
    late = [statistics.median(one[LATE_TURN - half : LATE_TURN + half]) for one in conversations]
    ratios = [after / before for before, after in zip(early, late, strict=True)]
    return {
        "turn_10_ms": statistics.median(early) * 1000,
        "turn_250_ms": statistics.median(late) * 1000,
        "ratio": statistics.median(ratios),
        "curve_ms": curve(conversations),
    }


def curve(conversations: Sequence[Sequence[float]], step: int = 10) -> list[float]:
    """Median milliseconds of each ten turns, over all conversations."""
    length = min(len(one) for one in conversations)
    return [
        statistics.median(value for one in conversations for value in one[at : at + step]) * 1000
        for at in range(0, length - step + 1, step)
    ]


@dataclass(frozen=True)
class Own:
    """A figure of Firstline's that stock Rasa has no like of; an aim is at most so much."""

    name: str
    value: float
    unit: str
    aim: float | None = None


def own_figures(ours: dict[str, Any]) -> list[Own]:
    """The figures that stand alone; those not measured left out."""
    found = [Own("environment with Rasa", ours["installed_mb"]["rasa"], "MB", 900.0)]
    found += own_of_understanding(ours.get("understanding", {}))
    idle, mails = ours.get("idle"), ours.get("mails")
    if idle:
        found += [
            Own(f"edge with {idle['streams']:,} idle streams, RSS", idle["edge_mb"], "MB", 500.0),
            Own("others' turns, p95, without them", idle["p95_before"], "ms"),
            Own("others' turns, p95, beside them", idle["p95"], "ms"),
        ]
        if idle["per_gb"]:
            found.append(Own("idle streams a GB", idle["per_gb"], ""))
    if mails:
        found += [
            Own("mails sent a second, one courier", mails["per_second"], "/s"),
            Own("processor time of a mail", mails["processor_ms_per_mail"], "ms"),
        ]
    return found


def own_of_understanding(figures: dict[str, dict[str, float]]) -> list[Own]:
    """The figures of understanding a message on one core, in processor time."""
    return [
        Own(f"understanding messages {name}, {percent}", values[percent], "ms", aim)
        for name, values in figures.items()
        for percent, aim in (("p50", UNDERSTANDING_AIM), ("p95", None))
    ]


@dataclass(frozen=True)
class Ratio:
    """A figure of Firstline over the same of stock Rasa (or the other way, where more is better).

    aim: the ratio wanted; `at_most` tells on which side of it is good; None without an aim.
    """

    name: str
    ours: float
    theirs: float
    unit: str
    value: float
    aim: float | None = None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None when there is none."""
        if self.aim is None:
            return None
        return self.value <= self.aim if self.at_most else self.value >= self.aim


def ratios(ours: dict[str, Any], theirs: dict[str, Any]) -> list[Ratio]:
    """All ratios of two sides' figures, in the order of the report; those not measured left out."""
    found = [
        *_latency_ratios(ours["latency"], theirs["latency"]),
        *_load_ratios(ours["load"], theirs["load"]),
        *_two_workers(ours.get("two_workers"), theirs.get("two_workers")),
    ]
    for name, path, unit, aim in _PLAIN:
        mine, other = _at(ours, path), _at(theirs, path)
        if mine and other:
            found.append(Ratio(name, mine, other, unit, mine / other, aim))
    mine, other = ours["ageing"]["ratio"], theirs["ageing"]["ratio"]
    # Not against stock: the aim is that our own turn 250 costs what our turn 10 does.
    found.append(Ratio("turn 250 / turn 10", mine, other, "×", mine, 1.15))
    return found


_PLAIN: tuple[tuple[str, tuple[str, ...], str, float | None], ...] = (
    ("CPU per turn", ("latency", "processor_ms_per_turn"), "ms", None),
    # RSS counts what the engine and its forked workers share in each of them.
    ("memory of all processes (RSS)", ("memory", "resident"), "MB", None),
    ("memory of all processes (PSS)", ("memory", "proportional"), "MB", 1 / 3),
    ("start to first answer", ("start_seconds",), "s", 1 / 6),
    ("training", ("training_seconds",), "s", 1 / 8),
    ("training, processor time", ("training_processor_seconds",), "s", None),
    ("installed environment with Rasa", ("installed_mb", "rasa"), "MB", None),
    ("installed environments, all", ("installed_mb", "all"), "MB", None),
)


def _latency_ratios(ours: dict[str, Any], theirs: dict[str, Any]) -> list[Ratio]:
    found = []
    for kind in SHOWN_KINDS:
        for percent in PERCENTILES:
            mine, other = (side["kinds"][kind][f"p{percent}"] for side in (ours, theirs))
            aim = 1 / 6 if (kind, percent) == (FORM, 50) else None
            found.append(Ratio(f"{kind}, p{percent}", mine, other, "ms", mine / other, aim))
    mine, other = ours["all"]["mean"], theirs["all"]["mean"]
    found.append(Ratio("mean over all turns", mine, other, "ms", mine / other, 1 / 6))
    return found


def _load_ratios(ours: dict[str, Any], theirs: dict[str, Any]) -> list[Ratio]:
    found = []
    for at_once in ours:
        mine, other = ours[at_once], theirs[at_once]
        for name, key, aim in (
            ("intakes", "intakes_per_second", 8.0),
            ("turns", "turns_per_second", None),
        ):
            found.append(
                Ratio(
                    f"{name}/s at {at_once} conversations", mine[key], other[key], "/s",
                    mine[key] / other[key], aim if at_once == "32" else None, at_most=False,
                )
            )  # fmt: skip
        aim = 1 / 8 if at_once == "32" else None
        label = f"turn p95 at {at_once} conversations"
        found.append(Ratio(label, mine["p95"], other["p95"], "ms", mine["p95"] / other["p95"], aim))
    return found


def _two_workers(mine: dict[str, Any] | None, other: dict[str, Any] | None) -> list[Ratio]:
    if not mine or not other:
        return []
    name, key = "intakes/s at 32, two engine workers", "intakes_per_second"
    return [
        Ratio(name, mine[key], other[key], "/s", mine[key] / other[key], 12.0, at_most=False),
        Ratio("turn p95 at 32, two engine workers", mine["p95"], other["p95"], "ms", mine["p95"] / other["p95"]),
    ]  # fmt: skip


def _at(figures: dict[str, Any], path: tuple[str, ...]) -> float | None:
    value: Any = figures
    for part in path:
        value = value.get(part) if value else None
    return None if value is None else float(value)
