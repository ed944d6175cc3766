"""Steps told in words that no phrase of the catalogue has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import Content
from bot.content.files import read_file
from bot.content.told import read_told
from bot.errors import ContentError
from bot.eval.heldout import read_messages
from bot.nlu import case_extractor
from bot.nlu.case_extractor import CaseExtractor
from bot.nlu.encoder import sentence_encoder
from bot.nlu.extraction import Catalogue, Extraction
from bot.nlu.steps_told import ToldSteps
from bot.settings import ROOT

TODAY = date(2026, 11, 20)
CONTEXT = ExecutionContext(GraphSchema({}), "model")
# What may not be undercut on messages in words of their own: precision and F1, beside the rules' .40 and .14.
LEAST = (0.44, 0.3)


class Unseen(msgspec.Struct, frozen=True):
    """A message with the slugs of its steps."""

    text: str
    steps: set[str]


@pytest.fixture(scope="module")
def told(content: Content) -> ToldSteps:
    found = ToldSteps.fit(content.told, content.steps, sentence_encoder())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def taught(content: Content, told: ToldSteps) -> Extraction:
    return Extraction(Catalogue.of(content), told=told)


def steps(extraction: Extraction, text: str) -> list[dict[str, str | None]]:
    return [item.value for item in extraction.find(text, TODAY) if item.entity == "step"]


def unseen() -> list[Unseen]:
    path = ROOT / "tests" / "nlu" / "steps_unseen.yml"
    return read_file(path, dict[str, list[Unseen]])["messages"]


@pytest.mark.parametrize(
    ("text", "slug", "result"),
    [
        ("I dug the card out with a hairgrip, it made no difference", "reinsert_sim", "no change"),
        ("I dragged the router over to the porch, no better", "move_router", "no change"),
        ("Purged whatever the browser had kept", "clear_cache", None),
    ],
)
def test_a_step_is_found_that_the_catalogue_has_no_words_for(
    extraction: Extraction, taught: Extraction, text: str, slug: str, result: str | None
) -> None:
    assert steps(extraction, text) == []
    (step,) = steps(taught, text)
    assert (step["step"], step["result"]) == (slug, result)


@pytest.mark.parametrize(
    "text",
    [
        "I have not dragged the router over to the porch",
        "should I drag the router over to the porch?",
        "your man told me to drag the router over to the porch",
        "My phone says no service since Monday and I live in Leeds",
        "just sort it out and give me my number back",
        "I never restarted it",
        "My account number is 8847201193 and my email is rain.cloud@sky.example",
    ],
)
def test_what_is_none_stays_none(taught: Extraction, text: str) -> None:
    assert steps(taught, text) == []


def test_what_the_rules_find_is_left_to_them(extraction: Extraction, taught: Extraction) -> None:
    text = "restarted it, took the SIM out and put it back in, no change"
    assert steps(taught, text) == steps(extraction, text)


def test_what_the_rules_find_without_a_name_gets_one(
    extraction: Extraction, taught: Extraction
) -> None:
    text = "just swapped it over to her old phone and same"
    assert [step["step"] for step in steps(extraction, text)] == ["other"]
    assert [step["step"] for step in steps(taught, text)] == ["other_device"]


def test_in_words_of_their_own_more_is_found(taught: Extraction) -> None:
    right = wrong = missed = 0
    for message in unseen():
        found = {step["step"] for step in steps(taught, message.text)}
        right += len(message.steps & found)
        wrong += len(found - message.steps)
        missed += len(message.steps - found)
    assert right / (right + wrong) >= LEAST[0]
    assert 2 * right / (2 * right + wrong + missed) >= LEAST[1]


def test_trained_and_reloaded_it_says_the_same(
    storage: ModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = CaseExtractor.get_default_config()
    trained = CaseExtractor.create(config, storage, Resource("case"), CONTEXT)
    trained.train(TrainingData())
    reloaded = CaseExtractor.load(config, storage, Resource("case"), CONTEXT)
    monkeypatch.setattr(case_extractor, "available_encoder", lambda: None)
    alone = CaseExtractor.load(config, storage, Resource("case"), CONTEXT)
    found = [
        [steps(component.extraction, message.text) for message in unseen()]
        for component in (trained, reloaded, alone)
    ]
    assert found[0] == found[1]
    assert sum(map(len, found[2])) < sum(map(len, found[0]))


def test_what_was_put_back_is_the_sim_only_where_it_was_spoken_of(taught: Extraction) -> None:
    found = steps(taught, "I pulled the plug of the box and put it in again")
    assert [step["step"] for step in found] == ["restart_router"]


def test_without_an_encoder_nothing_is_learnt(content: Content) -> None:
    assert ToldSteps.fit(content.told, content.steps, None) is None


def test_no_message_that_is_tested_is_learnt_from(content: Content) -> None:
    learnt = {_plain(sentence.text) for sentence in content.told}
    held_out = read_messages((ROOT / "tests" / "nlu").glob("heldout*.yml"))
    tested = [message.text for message in unseen()] + [message.text for _, message in held_out]
    assert [text for text in tested if _plain(text) in learnt] == []


def test_a_mark_that_names_no_step_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sim.yml").write_text('- "I [blew on it](clean_sim)"\n')
    with pytest.raises(ContentError, match="no step is called 'clean_sim'"):
        read_told(tmp_path, {"reinsert_sim"})


def test_the_sentences_of_all_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text('- "it rained"\n')
    (tmp_path / "a.yml").write_text('- "I [blew on it](reinsert_sim), nothing"\n')
    first, second = read_told(tmp_path, {"reinsert_sim"})
    assert (first.text, first.spans) == ("I blew on it, nothing", ((2, 12, "reinsert_sim"),))
    assert (second.text, second.spans) == ("it rained", ())


def test_a_sentence_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text('- "I [blew on it](reinsert_sim)"\n')
    with pytest.raises(ContentError, match=r"b\.yml: 'I blew on it' is there twice"):
        read_told(tmp_path, {"reinsert_sim"})


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
