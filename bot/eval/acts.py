"""`firstline eval acts`: what is said in the middle of an intake, read in the light of what was asked."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.content.files import read_file
from bot.eval.conversations import load_dialogue
from bot.nlu.context import Parsed, in_context
from bot.nlu.several import ALSO, read_apart
from bot.settings import ROOT

if TYPE_CHECKING:  # this imports Rasa, which must be prepared for first
    from bot.engine.dialogue import Dialogue

FOLDER = ROOT / "tests" / "nlu"


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer says after the bot has asked for `asking` (nothing: None), and the intents it may have."""

    text: str
    asking: str | None
    intents: list[str]


class Acts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of acts."""

    acts: list[Act]


def read_acts(paths: Iterable[Path]) -> list[Act]:
    """All acts of the files. Raises `ContentError`."""
    return [act for path in paths for act in read_file(path, Acts).acts]


def intent_of(dialogue: Dialogue, act: Act) -> str:
    """The intent that the dialogue would act on."""
    from bot.nlu.case_extractor import INTENT_ALONE

    def alone(part: str) -> Parsed:
        return dialogue.understand(part, {INTENT_ALONE: True})

    begun = act.asking is not None
    parsed = read_apart(dialogue.understand(act.text, {}), alone, act.asking, begun)
    if ALSO not in parsed:
        parsed = in_context(parsed, act.asking, begun)
    return str(parsed["intent"]["name"])


def misread(dialogue: Dialogue, acts: Sequence[Act]) -> list[str]:
    """A line for each act that is read as something else."""
    read = [(act, intent_of(dialogue, act)) for act in acts]
    return [
        f"{act.asking}: {act.text!r} is {' or '.join(act.intents)}, read as {intent}"
        for act, intent in read
        if intent not in act.intents
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("files", type=Path, nargs="*", help="files of acts (those of tests/nlu)")


def run(options: argparse.Namespace) -> int:
    """Prints what is misread and how much is read right; the exit code is 0."""
    acts = read_acts(options.files or sorted(FOLDER.glob("acts*.yml")))
    faults = misread(load_dialogue(), acts)
    print("\n".join([*faults, f"{len(acts) - len(faults)} of {len(acts)} acts are read right"]))
    return 0
