"""Public intent benchmarks, read from a folder outside the project and never trained into the product.

The folder holds BANKING77, CLINC150 and HWU64 in the splits of Few-Shot-Intent-Detection, each
`<set>/<split>/seq.in` (a sentence a line) and `label` (its intent).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.errors import FirstlineError
from bot.eval.stock import stock_answers
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.intent_model import IntentModel
from bot.nlu.linear import Linear

SETS = ("BANKING77", "CLINC150", "HWU64")
FEW, FULL = "train_10", "train"
KEEP = 0.955
BASELINE_STRENGTH = 30.0
OUTSIDE = "oos"


@dataclass(frozen=True)
class Split:
    """Parallel lists of sentences and their intents."""

    texts: list[str]
    labels: list[str]


class Score(msgspec.Struct, frozen=True):
    """One line of the table: accuracies in percent; `kept` and `oos_recall` where there is such data."""

    benchmark: str
    examples: str
    split: str
    accuracy: float
    baseline: float
    kept: float | None = None
    oos_recall: float | None = None
    calibration_error: float | None = None
    stock: float | None = None


def read_split(folder: Path, name: str) -> Split:
    """One split. Raises `FirstlineError`, naming the file, when it is missing or uneven."""
    try:
        texts = (folder / name / "seq.in").read_text(encoding="utf-8").splitlines()
        labels = (folder / name / "label").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise FirstlineError(
            f"{error.filename} is missing. --benchmarks names the folder that holds {', '.join(SETS)}"
        ) from error
    if len(texts) != len(labels):
        raise FirstlineError(f"{folder / name}: {len(texts)} sentences but {len(labels)} labels")
    return Split(texts, [label.strip() for label in labels])


def score(
    folder: Path, examples: str, split: str, encoder: SentenceEncoder, stock: Path | None = None
) -> Score:
    """Trains on `examples` (`train_10` or `train`) of one benchmark and measures on `split`.

    What is chosen (the threshold of scope) is chosen on the validation split. The baseline is
    logistic regression on the encoder's vectors alone; `stock` is the Python of an environment with
    stock Rasa, which is then measured too.
    """
    training, chosen_on, measured_on = (
        read_split(folder, name) for name in (examples, "valid", split)
    )
    model = IntentModel.fit(training.texts, training.labels, encoder, KEEP)
    rows, fits = model.understand(measured_on.texts)
    hits = np.array(model.labels)[rows.argmax(axis=1)] == np.array(measured_on.labels)
    found = Score(
        benchmark=folder.name, examples=examples, split=split, accuracy=_percent(hits.mean()),
        baseline=_baseline(training, measured_on, encoder),
        calibration_error=_percent(calibration_error(rows.max(axis=1), hits)),
        stock=None if stock is None else _stock(stock, training, measured_on),
    )  # fmt: skip
    if not (folder / OUTSIDE).is_dir():
        return found
    threshold = np.quantile(model.understand(chosen_on.texts)[1], 1.0 - KEEP)
    outside = model.understand(read_split(folder, f"{OUTSIDE}/{split}").texts)[1]
    return msgspec.structs.replace(found, kept=_percent((fits >= threshold).mean()),
                                   oos_recall=_percent((outside < threshold).mean()))  # fmt: skip


def calibration_error(
    confidences: NDArray[np.float64], hits: NDArray[np.bool_], bins: int = 10
) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy, by bins of confidence."""
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [abs(hits[places == b].mean() - confidences[places == b].mean()) * (places == b).mean()
            for b in range(bins) if (places == b).any()]  # fmt: skip
    return float(sum(gaps))


def table(scores: Sequence[Score]) -> str:
    """The scores for people to read."""
    lines = [
        f"{'benchmark':11}{'trained on':12}{'split':7}{'accuracy':>9}{'MiniLM+LR':>11}{'stock DIET':>12}{'kept':>7}{'OOS recall':>12}{'calib. err.':>13}"
    ]
    for one in scores:
        lines.append(
            f"{one.benchmark:11}{'10 each' if one.examples == FEW else 'all':12}{one.split:7}{one.accuracy:9.1f}{one.baseline:11.1f}{_or_dash(one.stock):>12}"
            f"{_or_dash(one.kept):>7}{_or_dash(one.oos_recall):>12}{_or_dash(one.calibration_error):>13}"
        )
    return "\n".join(lines)


def _baseline(training: Split, measured_on: Split, encoder: SentenceEncoder) -> float:
    view = Linear.fit(encoder.encode(training.texts), training.labels, BASELINE_STRENGTH)
    best = view.log_probabilities(encoder.encode(measured_on.texts)).argmax(axis=1)
    return _percent(
        (np.array(sorted(set(training.labels)))[best] == np.array(measured_on.labels)).mean()
    )


def _stock(python: Path, training: Split, measured_on: Split) -> float:
    pairs = list(zip(training.texts, training.labels, strict=True))
    answers = stock_answers(python, pairs, measured_on.texts)
    return _percent((np.array(answers) == np.array(measured_on.labels)).mean())


def _percent(share: float) -> float:
    return round(float(share) * 100, 2)


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
