"""`python -m bot.eval`: measures understanding and writes a report.

`messages` (what happens without a command, followed by `dialogues`) runs held-out messages through the present model;
`intents` runs the public benchmarks in a folder. Both write report.html and report.json.
`conversations` plays the conversation tests, `dialogues` simulated customers; `acts` reads what is said in
the middle of an intake.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from subprocess import SubprocessError

import msgspec

from bot.errors import FirstlineError
from bot.eval import acts, conversations, dialogues
from bot.eval.benchmarks import FEW, FULL, SETS, Score, score, table
from bot.eval.report import Figures, read_figures, write_report
from bot.eval.understanding import Understanding, understand_held_out
from bot.settings import ROOT

HELD_OUT = ROOT / "tests" / "nlu"
MESSAGES = "messages"
INTENTS = "intents"
CONVERSATIONS = "conversations"
DIALOGUES = "dialogues"
ACTS = "acts"
RESULTS = ROOT / "results" / "understanding"


def run_benchmarks(folder: Path, full: bool, split: str, stock: Path | None) -> list[Score]:
    """The scores of every benchmark in `folder`. Raises `FirstlineError`."""
    from bot.nlu.encoder import sentence_encoder

    present = [folder / name for name in SETS if (folder / name).is_dir()]
    if not present:
        raise FirstlineError(
            f"{folder} holds none of {', '.join(SETS)}. Name their folder with --benchmarks"
        )
    sizes = (FEW, FULL) if full else (FEW,)
    return [score(one, size, split, sentence_encoder(), stock) for size in sizes for one in present]


def _show(found: Understanding) -> None:
    print(
        f"family right in {found.accuracy:.1%} of {len(found.verdicts)} messages; {found.median_ms:.1f} ms a message"
    )
    if found.kinds is not None:
        print(f"family and kind right in {found.kinds:.1%} of those whose kind was noted")
    for name, one in found.fields.items():
        print(
            f"{name:18} precision {one.precision:.2f}  recall {one.recall:.2f}  F1 {one.f1:.2f}  ({one.values})"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="firstline eval", description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=RESULTS, help="folder of the report (%(default)s)"
    )
    parser.add_argument(
        "--against", type=Path, help="report.json of an earlier measurement to compare with"
    )
    commands = parser.add_subparsers(dest="command")
    intents = commands.add_parser(INTENTS, help="public benchmarks of intents")
    intents.add_argument(
        "--benchmarks", type=Path, required=True, help="folder that holds " + ", ".join(SETS)
    )
    intents.add_argument(
        "--full",
        action="store_true",
        help="with all training data too, not only ten examples an intent",
    )
    intents.add_argument(
        "--split",
        choices=("valid", "test"),
        default="test",
        help="what is measured on (%(default)s)",
    )
    intents.add_argument(
        "--stock", type=Path, help="Python of an environment with stock Rasa, to measure it beside"
    )
    messages = commands.add_parser(MESSAGES, help="held-out messages through the present model")
    messages.add_argument(
        "files", type=Path, nargs="*", help="files of messages (those of tests/nlu)"
    )
    conversations.add_arguments(commands.add_parser(CONVERSATIONS, help="the conversation tests"))
    dialogues.add_arguments(commands.add_parser(DIALOGUES, help="simulated customers"))
    acts.add_arguments(commands.add_parser(ACTS, help="what is said in the middle of an intake"))
    parser.set_defaults(command=None, files=[])
    return parser.parse_args()


def main() -> int:
    """The command line; returns the exit code."""
    given = _arguments()
    try:
        if given.command == CONVERSATIONS:
            return conversations.run(given)
        if given.command == DIALOGUES:
            return dialogues.run(given)
        if given.command == ACTS:
            return acts.run(given)
        if given.command == INTENTS:
            scores = run_benchmarks(given.benchmarks, given.full, given.split, given.stock)
            print(table(scores))
            figures = Figures(benchmarks=scores)
        else:
            found = understand_held_out(given.files or sorted(HELD_OUT.glob("heldout*.yml")))
            _show(found)
            talked = None if given.command else dialogues.measure_dialogues()
            figures = Figures(understanding=found, dialogues=talked)
            if talked:
                print(dialogues.in_words(talked))
        before = read_figures(given.against) if given.against else None
        print(f"report: {write_report(figures, given.out / (given.command or MESSAGES), before)}")
    except (FirstlineError, msgspec.DecodeError, OSError, SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
