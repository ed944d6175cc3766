"""`firstline eval conversations`: plays the conversation tests and sums them up."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import FirstlineError
from bot.eval.conversations_format import FOLDER, Conversation, load_conversations

if TYPE_CHECKING:  # these import Rasa, which must be prepared for first
    from bot.engine.dialogue import Dialogue
    from bot.eval.conversations_run import Result


def load_dialogue() -> Dialogue:
    """The dialogue on the model of the present data. Raises `FirstlineError` when there is none."""
    from bot.engine import rasa_patches
    from bot.engine.rasa import prepare

    prepare()
    rasa_patches.apply()
    from bot.engine.dialogue import Dialogue
    from bot.engine.models import current_model

    return Dialogue(current_model())


async def evaluate(conversations: dict[str, Conversation]) -> list[Result]:
    """The result of each conversation, played one after the other."""
    from bot.content import load_content
    from bot.settings import ROOT

    dialogue = load_dialogue()
    from bot.eval.conversations_run import play

    content = load_content(ROOT / "data")
    return [await play(dialogue, content, name, it) for name, it in conversations.items()]


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """The figures over all conversations; cases per minute are those of one engine worker."""
    filed = [result for result in results if result.filed]
    turns = [moment for result in results for moment in result.seconds]
    seconds = sum(moment for result in filed for moment in result.seconds)
    return {
        "conversations": len(results),
        "passed": sum(not result.faults for result in results),
        "failed": sorted(it.name for it in results if it.faults and it.known_failure is None),
        "failed_as_known": sorted(it.name for it in results if it.faults and it.known_failure is not None),
        "pass_unexpectedly": sorted(it.name for it in results if not it.faults and it.known_failure is not None),
        "cases_filed": len(filed),
        "cases_per_minute": round(60 * len(filed) / seconds, 1) if seconds else None,
        "customer_turns_per_filed_case": statistics.median(it.turns for it in filed) if filed else None,
        "turn_ms_median": round(1000 * statistics.median(turns), 2) if turns else None,
    }  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("part", nargs="?", default="", help="only those with this in theme/name")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--all", action="store_true", help="show every conversation, not only faults"
    )


def run(options: argparse.Namespace) -> int:
    """Plays and prints; exit code 1 when a conversation is not as expected, or none has that name."""
    chosen = {name: it for name, it in load_conversations().items() if options.part in name}
    if not chosen:
        raise FirstlineError(f"No conversation has {options.part!r} in its name. See {FOLDER}")
    results = asyncio.run(evaluate(chosen))
    figures = summary(results)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        _print(results, figures, options.all)
    return 0 if all(result.as_expected for result in results) else 1


def _print(results: Sequence[Result], figures: dict[str, Any], everything: bool) -> None:
    for result in results:
        if everything or not result.as_expected:
            print(result.fault, end="\n\n")
    for name, figure in figures.items():
        print(f"{name.replace('_', ' '):<32} {len(figure) if isinstance(figure, list) else figure}")


def main() -> int:
    """`python -m bot.eval.conversations`."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
