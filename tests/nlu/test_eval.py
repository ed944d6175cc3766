"""The measuring itself: tallies, benchmarks and the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import FirstlineError
from bot.eval.benchmarks import FEW, calibration_error, read_split, score, table
from bot.eval.heldout import FieldScore, Message, Tally
from bot.eval.report import Figures, read_figures, write_report
from bot.eval.understanding import Understanding, Verdict
from bot.nlu.encoder import sentence_encoder

SENTENCES = {
    "weather": [
        "will it rain",
        "is it sunny today",
        "how cold is it outside",
        "do I need an umbrella",
    ],
    "music": ["play a song", "turn up the volume", "next track please", "put on some jazz"],
}
OUTSIDE = ["file my taxes", "what is the capital of peru"]


def write_split(folder: Path, pairs: list[tuple[str, str]]) -> None:
    folder.mkdir(parents=True)
    (folder / "seq.in").write_text("".join(f"{text}\n" for text, _ in pairs))
    (folder / "label").write_text("".join(f"{label}\n" for _, label in pairs))


@pytest.fixture
def benchmark_folder(tmp_path: Path) -> Path:
    pairs = [(text, label) for label, texts in SENTENCES.items() for text in texts]
    for split in (FEW, "valid", "test"):
        write_split(tmp_path / "TOY" / split, pairs)
    for split in ("valid", "test"):
        write_split(tmp_path / "TOY" / "oos" / split, [(text, "oos") for text in OUTSIDE])
    return tmp_path / "TOY"


def test_a_benchmark_is_measured_with_what_lies_outside(benchmark_folder: Path) -> None:
    found = score(benchmark_folder, FEW, "test", sentence_encoder())
    assert found.accuracy == 100.0
    assert found.baseline == 100.0
    assert found.oos_recall == 100.0
    assert found.kept is not None
    assert found.kept >= 80.0
    assert found.stock is None
    assert "TOY" in table([found])


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(FirstlineError, match=r"seq\.in is missing"):
        read_split(tmp_path, "test")


def test_an_uneven_split_is_named(tmp_path: Path) -> None:
    write_split(tmp_path / "test", [("one", "a"), ("two", "b")])
    (tmp_path / "test" / "label").write_text("a\n")
    with pytest.raises(FirstlineError, match="2 sentences but 1 labels"):
        read_split(tmp_path, "test")


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    sure = np.array([0.9, 0.9, 0.9, 0.9])
    assert calibration_error(sure, np.array([1, 1, 1, 1])) == pytest.approx(0.1)
    assert calibration_error(sure, np.array([1, 0, 1, 0])) == pytest.approx(0.4)


def test_a_tally_counts_right_wrong_and_missed() -> None:
    tally = Tally()
    wanted: dict[str, str | list[str]] = {
        "device": "Pixel 8",
        "location": "Leeds",
        "steps_tried": ["restart", "wait"],
    }
    message = Message("…", "inform", wanted)
    steps = [{"step": "restart"}, {"step": "charge"}]
    tally.add(message, {
        "device": {"value": "Pixel 7"}, "location": {"value": "in Leeds city"}, "steps_tried": {"value": steps},
        "account_number": {"value": "1"}, "previous_contact": {"value": "I called"},
    })  # fmt: skip
    assert tally.scores() == {
        "account_number": FieldScore(0.0, 1.0, 0.0, 0),
        "device": FieldScore(0.0, 0.0, 0.0, 1),
        "location": FieldScore(1.0, 1.0, 1.0, 1),
        "steps_tried": FieldScore(0.5, 0.5, 0.5, 2),
    }
    assert len(tally.faults) == 3


def measured(accuracy: float) -> Figures:
    verdicts = [
        Verdict("<b>hi</b>", "chitchat", "inform", 0.7),
        Verdict("yes", "affirm", "affirm", 0.9),
    ]
    fields = {"device": FieldScore(1.0, 0.5, 0.667, 2)}
    return Figures(Understanding("model.tar.gz", accuracy, 3.2, fields, verdicts, ["device: …"]))


def test_the_report_stands_alone_and_compares(tmp_path: Path) -> None:
    write_report(measured(0.25), tmp_path / "before")
    before = read_figures(tmp_path / "before" / "report.json")
    page = write_report(measured(0.5), tmp_path / "now", before).read_text()
    assert "(+0.250)" in page
    assert "<b>hi</b>" not in page
    assert "http" not in page
    assert page.count("<circle") == 2
