"""The stock bot has our examples; the scripts ask what the content answers."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from bench.build import SOURCES, answers_of, examples_of
from bench.scripts import FAQ_INSIDE, FILING, KINDS, Scripts, Turn
from bot.content import load_content
from bot.settings import ROOT

DATA = ROOT / "data"


def test_all_our_examples_are_in_the_stock_bot_and_none_else() -> None:
    content = load_content(DATA)
    examples = examples_of(DATA)
    assert sum(name.startswith("faq/") for name in examples) == len(content.articles)
    problems = sum(len(problem.examples) for problem in content.problems.values())
    assert len(examples["report_problem"]) >= problems
    assert {"affirm", "deny", "inform", "ask_human", "greet"} <= examples.keys()
    assert all(texts and all(texts) for texts in examples.values())


def test_every_article_has_an_answer_in_one_line() -> None:
    answers = answers_of(DATA)
    assert answers.keys() == load_content(DATA).articles.keys()
    assert not any("\n" in text for text in answers.values())


def test_rules_of_the_stock_bot_name_intents_that_have_examples() -> None:
    known = {name.partition("/")[0] for name in examples_of(DATA)} | {"nlu_fallback"}
    for name in ("rules", "stories"):
        data = YAML(typ="safe").load(SOURCES / "data" / f"{name}.yml")
        used = {step["intent"] for it in data[name] for step in it["steps"] if "intent" in step}
        assert used <= known


@pytest.mark.parametrize("number", range(8))
def test_an_intake_has_seven_turns_and_the_long_script_every_kind(number: int) -> None:
    scripts = Scripts(DATA)
    assert len(scripts.intake(number)) == 7
    assert {turn.kind for turn in scripts.everything(number)} == set(KINDS)


def test_an_answer_is_as_meant_only_when_it_says_so() -> None:
    filing = Turn(FILING, "yes")
    assert filing.answered(("Done. Your case FL-3K8P2M is filed.",))
    assert not filing.answered(("Sorry, something has gone wrong.",))
    question = Turn(FAQ_INSIDE, "how?", "Most phones")
    assert question.answered(("Most  phones since 2019 …", "Did that solve it?"))
    assert not question.answered(("Which device is it?",))
