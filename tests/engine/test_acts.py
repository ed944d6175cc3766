"""What is said in the middle of an intake is read as what it is."""

from __future__ import annotations

from bot.engine.dialogue import Dialogue
from bot.eval.acts import FOLDER, misread, read_acts

LEAST = 0.8


def test_what_is_said_in_between_is_read_as_what_it_is(dialogue: Dialogue) -> None:
    acts = read_acts(sorted(FOLDER.glob("acts*.yml")))
    faults = misread(dialogue, acts)
    assert 1 - len(faults) / len(acts) >= LEAST, faults
