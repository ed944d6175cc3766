"""From measurements to figures: percentiles, ratios, aims. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.measure import EARLY, LATE_TURN, Block
from bench.scripts import FAQ_INSIDE, FAQ_OUTSIDE, FILING, FORM, REPORT

SHOWN_KINDS = (FORM, FAQ_OUTSIDE, FAQ_INSIDE, REPORT, FILING)
PERCENTILES = (50, 95, 99)


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
    ("memory of all processes (RSS)", ("memory", "resident"), "MB", 1 / 3),
    ("memory of all processes (PSS)", ("memory", "proportional"), "MB", None),
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


def _at(figures: dict[str, Any], path: tuple[str, ...]) -> float | None:
    value: Any = figures
    for part in path:
        value = value.get(part) if value else None
    return None if value is None else float(value)
