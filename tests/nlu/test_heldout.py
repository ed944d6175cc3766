"""Held-out messages stay held out, and what is understood of them does not get worse."""

from __future__ import annotations

import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from bot.content import load_content
from bot.eval.acts import read_acts
from bot.eval.heldout import Tally, read_messages
from bot.nlu.extraction import Extraction
from bot.nlu.fields import fields_of
from bot.nlu.importer import ContentImporter
from bot.settings import ROOT

FILES = sorted((ROOT / "tests" / "nlu").glob("heldout*.yml"))
ACTS = sorted((ROOT / "tests" / "nlu").glob("acts*.yml"))
# What may not be undercut: precision and F1 by field.
LEAST = {
    "account_number": (1.0, 0.9), "contact_email": (1.0, 0.9), "device": (0.9, 0.9), "error_message": (0.75, 0.75),
    "steps_tried": (0.75, 0.75), "started": (0.75, 0.75), "location": (0.75, 0.75),
}  # fmt: skip


def plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def training_texts() -> set[str]:
    config = str(ROOT / "config.yml")
    files = RasaFileImporter(config, str(ROOT / "domain.yml"), str(ROOT / "data")).get_nlu_data()
    content = ContentImporter(config).get_nlu_data()
    told = {plain(sentence.text) for sentence in load_content(ROOT / "data").told}
    return told | {
        plain(example.get("text"))
        for data in (files, content)
        for example in data.training_examples
        if example.get("text")
    }


def test_no_held_out_message_is_trained_on() -> None:
    trained = training_texts()
    assert len(trained) > 1000
    # Greetings of a word or two cannot but coincide.
    told = [
        *(message.text for _, message in read_messages(FILES)),
        *(act.text for act in read_acts(ACTS)),
    ]
    assert [text for text in told if len(text.split()) > 3 and plain(text) in trained] == []


def test_fields_of_held_out_messages(extraction: Extraction) -> None:
    tally = Tally()
    for at, message in read_messages(FILES):
        tally.add(
            message,
            fields_of([found.as_entity() for found in extraction.find(message.text, at.date())]),
        )
    scores = tally.scores()
    for field, (precision, f1) in LEAST.items():
        assert scores[field].precision >= precision, (field, tally.faults)
        assert scores[field].f1 >= f1, (field, tally.faults)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_families_are_those_that_the_outside_sees(path: object) -> None:
    from bot.nlu.families import FAMILIES

    assert {message.family for _, message in read_messages([path])} <= set(FAMILIES)  # type: ignore[list-item]
