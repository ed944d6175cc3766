"""Simulated customers get their case filed, complete and in few messages."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from actions.action_answer_faq import CLOSE, LIKELY
from bot.case.model import State
from bot.content.files import read_yaml
from bot.eval.conversations import load_dialogue
from bot.eval.customers import read_customers
from bot.eval.dialogues import Played, figures, play_all
from bot.eval.script import QUIRKS, Script, scripts
from bot.settings import ROOT
from tests.conversations.test_conversations import _plain, _training_texts

CUSTOMERS = read_customers()
QUESTIONS: dict[str, list[str]] = read_yaml(ROOT / "tests" / "dialogues" / "questions.yml")
LEAST_FOUND = 0.9
# First looks at new customers are in docs/benchmarks.md.
LEAST_COMPLETE = 0.95
MOST_WHEN_RICH, MOST_WHEN_BARE = 4, 8


def script(manner: str, quirk: str, customer: int = 0) -> Script:
    one = replace(CUSTOMERS, customers=[CUSTOMERS.customers[customer]])
    return next(it for it in scripts(one) if (it.manner, it.quirk) == (manner, quirk))


async def test_cases_are_complete_after_few_messages() -> None:
    found = figures(await play_all(CUSTOMERS, every=49))
    assert found.complete >= LEAST_COMPLETE, found.faults
    assert found.rich.messages <= MOST_WHEN_RICH
    assert found.bare.messages <= MOST_WHEN_BARE


def test_questions_find_their_article() -> None:
    dialogue = load_dialogue()
    asked = [(name, text) for name, texts in QUESTIONS.items() for text in texts]
    missed = [text for name, text in asked if not _finds(dialogue.understand(text, {}), name)]
    assert len(missed) <= (1 - LEAST_FOUND) * len(asked), missed


def test_no_question_is_trained_on() -> None:
    trained = {_plain(text) for text in _training_texts()}
    asked = [text for texts in QUESTIONS.values() for text in texts]
    assert [text for text in asked if _plain(text) in trained] == []


def _finds(parsed: dict[str, Any], article: str) -> bool:
    """Whether a question gets an article, alone or to choose from."""
    best, *others = parsed["articles"]
    least = CLOSE * best["confidence"] if best["confidence"] >= LIKELY else 0.0
    shown = {best["name"], *(it["name"] for it in others if it["confidence"] >= least)}
    return parsed["intent"]["name"] == "faq" and article in shown


def test_nothing_a_customer_says_at_length_is_trained_on() -> None:
    trained = {_plain(text) for text in _training_texts()}
    told = {text for customer in CUSTOMERS.customers for text in customer.trouble}
    assert [text for text in told if _plain(text) in trained] == []


def test_everybody_has_a_first_message() -> None:
    assert all(it.opening() for it in scripts(CUSTOMERS))


def test_the_same_seed_says_the_same() -> None:
    some = replace(CUSTOMERS, customers=CUSTOMERS.customers[:9])
    first, again, other = ([it.opening() for it in scripts(some, seed)] for seed in (0, 0, 1))
    assert first == again != other


def test_a_bare_customer_tells_only_the_trouble_first() -> None:
    one = script("bare", "none")
    assert one.opening() in one.customer.trouble
    assert one.told == set()


def test_a_rich_customer_leaves_out_one_fact_at_most() -> None:
    for quirk in QUIRKS:
        one = script("rich", quirk)
        one.opening()
        assert len(one.told) >= len(one.customer.fields) - 1


def test_a_customer_may_correct_what_they_said() -> None:
    one = script("bare", "correction")
    one.opening()
    wrong = one.reply("account_number", "")
    right = str(one.customer.fields["account_number"].value)
    assert wrong != right
    assert right in one.reply("contact_email", "")


def test_a_customer_who_does_not_know_says_so_once() -> None:
    one = script("bare", "unknown")
    one.opening()
    assert one.reply("device", "") in CUSTOMERS.replies.unknown
    assert one.unanswered == {"device": State.UNKNOWN}
    assert one.reply("error_message", "") in one.customer.fields["error_message"].answers


def test_figures_count_what_is_filed_and_right() -> None:
    played = [
        Played("a", "rich", "none", True, 3, 1, [], []),
        Played("b", "rich", "none", True, 5, 3, ["device is missing"], []),
        Played("c", "bare", "none", False, 15, 9, ["not filed"], []),
    ]
    found = figures(played)
    assert (found.complete, found.rich.complete, found.bare.complete) == (0.3333, 0.5, 0.0)
    assert (found.rich.messages, found.rich.questions, found.bare.messages) == (4, 2, 0)
    assert found.faults == {"b": ["device is missing"], "c": ["not filed"]}
