"""Percentiles, ratios and the report, on measurements made up for the purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.figures import (
    Own,
    Ratio,
    ageing_figures,
    idle_figures,
    mail_figures,
    own_figures,
    percentile,
    ratios,
    understanding_figures,
)
from bench.mails import Mailed
from bench.page import bars, lines
from bench.report import aim, own_table, ratio, table, write
from bench.scripts import KINDS
from bench.streams import Idle

SIZES = {"rasa": 900.0, "all": 1200.0}


def side(factor: float) -> dict[str, Any]:
    """A side's figures, `factor` times as slow as the quickest."""
    times = dict.fromkeys(("mean", "p50", "p95", "p99"), 10.0 * factor)
    load = {
        "intakes_per_second": 8.0 / factor,
        "turns_per_second": 56.0 / factor,
        "p95": 100.0 * factor,
    }
    return {
        "latency": {
            "kinds": dict.fromkeys(KINDS, times),
            "all": times,
            "processor_ms_per_turn": 5 * factor,
        },
        "load": {"1": load, "32": load},
        "ageing": {"ratio": 1.0 * factor, "curve_ms": [10.0 * factor, 12.0 * factor]},
        "memory": {"resident": 100.0 * factor, "proportional": 90.0 * factor},
        "start_seconds": 5.0 * factor,
        "training_seconds": 10.0 * factor,
        "training_processor_seconds": 9.0 * factor,
        "installed_mb": SIZES,
    }


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 5), (95, 10), (99, 10), (10, 1), (1, 1), (100, 10)]
)
def test_percentiles_are_values_that_were_measured(percent: int, expected: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


def test_growth_is_told_by_the_turns_around_10_and_around_250() -> None:
    flat = [0.010] * 255
    doubled = [0.010] * 200 + [0.020] * 55
    assert ageing_figures([flat])["ratio"] == pytest.approx(1)
    assert ageing_figures([doubled])["ratio"] == pytest.approx(2)
    assert ageing_figures([doubled])["turn_250_ms"] == pytest.approx(20)


def test_a_side_eight_times_as_quick_meets_the_aims_and_an_equal_one_does_not() -> None:
    quick = {it.name: it.met for it in ratios(side(1), side(8)) if it.aim is not None}
    equal = {it.name: it.met for it in ratios(side(1), side(1)) if it.aim is not None}
    assert all(quick.values())
    assert [name for name, met in equal.items() if met] == ["turn 250 / turn 10"]


def test_what_could_not_be_measured_is_left_out() -> None:
    ours, theirs = side(1), side(8)
    ours["memory"] = theirs["memory"] = None
    names = {it.name for it in ratios(ours, theirs)}
    assert "memory of all processes (RSS)" not in names
    assert "start to first answer" in names


@pytest.mark.parametrize(
    ("found", "shown", "wanted"),
    [
        (Ratio("p50", 10, 73, "ms", 10 / 73, 1 / 6), "1/7.3", "≤ 1/6"),
        (Ratio("intakes", 8, 1, "/s", 8.0, 8.0, at_most=False), "× 8.00", "≥ × 8"),
        (Ratio("turn 250", 1.1, 3, "×", 1.1, 1.15), "× 1.10", "≤ × 1.15"),
        (Ratio("cpu", 1, 2, "ms", 0.5), "1/2.0", ""),
    ],
)
def test_ratios_read_as_people_say_them(found: Ratio, shown: str, wanted: str) -> None:
    assert ratio(found) == shown
    assert aim(found) == wanted


def test_the_table_marks_aims_that_are_met_and_missed() -> None:
    rows = [Ratio("good", 1, 8, "ms", 1 / 8, 1 / 6), Ratio("bad", 1, 2, "ms", 1 / 2, 1 / 6)]
    good, bad = table(rows).splitlines()[2:]
    assert "✓" in good
    assert "✗" in bad


def test_what_only_firstline_does_stands_alone_with_its_aims() -> None:
    idle = Idle(1_000, 100.0, 120.0, [0.01] * 20, [0.02] * 20)
    ours = side(1) | {
        "idle": idle_figures(idle), "mails": mail_figures(Mailed(100, 2.0, 0.5)),
        "understanding": understanding_figures({"held-out": [4.0, 5.0, 9.0]}),
    }  # fmt: skip
    found = {it.name: it.value for it in own_figures(ours)}
    assert found["idle streams a GB"] == pytest.approx(50_000)
    assert found["others' turns, p95, beside them"] == pytest.approx(20)
    assert found["understanding messages held-out, p50"] == pytest.approx(5)
    assert found["mails sent a second, one courier"] == pytest.approx(50)
    assert found["processor time of a mail"] == pytest.approx(5)
    assert [it.name for it in own_figures(side(1))] == ["environment with Rasa"]


def test_figures_that_stand_alone_are_marked_too() -> None:
    lines = own_table([Own("a", 10, "MB", 20), Own("b", 30, "MB", 20), Own("c", 5, "/s")])
    assert ["✓" in line for line in lines.splitlines()] == [True, False, False]
    assert ["✗" in line for line in lines.splitlines()] == [False, True, False]


def test_two_workers_are_compared_at_the_highest_load() -> None:
    ours, theirs = side(1), side(8)
    for one in (ours, theirs):
        one["two_workers"] = one["load"]["32"]
    found = {it.name: it for it in ratios(ours, theirs)}
    assert found["intakes/s at 32, two engine workers"].met is False
    assert found["intakes/s at 32, two engine workers"].value == pytest.approx(8)


def test_results_are_written_as_json_and_as_a_page(tmp_path: Path) -> None:
    results = {"about": "a run <here>", "firstline": side(1), "stock": side(8)}
    as_json, as_page = write(tmp_path, results, ratios(side(1), side(8)))
    assert json.loads(as_json.read_text())["ratios"][0]["ratio"] == pytest.approx(1 / 8)
    page = as_page.read_text()
    assert "a run &lt;here&gt;" in page
    assert page.count("<svg") == page.count("</svg>") == 5


def test_plots_are_well_formed_and_to_scale() -> None:
    drawn = ElementTree.fromstring(bars([("a & b", 25.0, 100.0)]))
    widths = [float(it.attrib["width"]) for it in drawn if it.tag == "rect"]
    assert widths[0] == pytest.approx(widths[1] / 4, rel=0.01)
    assert ElementTree.fromstring(lines({"#000": [1.0, 2.0, 3.0]})).tag == "svg"
