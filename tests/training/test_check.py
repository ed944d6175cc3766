"""What `train check` finds: each kind of conflict, told with both places in plain words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.training.check import ERROR, WARNING, Finding, check

GOODBYE_RULE = "data/chitchat.yml"
# A slot of which Rasa looks at the value.
CALM = """
slots:
  calm:
    type: bool
    mappings: [{type: custom}]
"""


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """What is found in the data as they are."""
    return frozenset(finding.text for finding in check(ROOT))


def new_findings(project: Path, name: str, text: str) -> list[Finding]:
    """What a file with this text adds to the findings."""
    path = project / "data" / name
    path.write_text('version: "3.1"\n' + text)
    return [finding for finding in check(project) if finding.text not in known()]


def test_the_data_as_they_are_have_no_errors(project: Path) -> None:
    assert [finding.text for finding in check(project) if finding.severity == ERROR] == []


def test_no_example_of_the_data_teaches_nothing(project: Path) -> None:
    assert [it.text for it in check(project) if it.kind == "said twice"] == []


def test_a_story_against_a_rule_at_its_beginning(project: Path) -> None:
    found = new_findings(project, "bye.yml", """
stories:
  - story: A short farewell
    steps:
      - intent: goodbye
      - action: utter_bot
""")  # fmt: skip
    [finding] = found
    assert (finding.kind, finding.severity) == ("rule against story", ERROR)
    assert "The rule “Goodbye” (data/chitchat.yml line 10)" in finding.text
    assert "the story “A short farewell” (data/bye.yml line 4)" in finding.text
    assert "after the customer means “goodbye”" in finding.text
    assert "say “Goodbye. What you've told me stays here" in finding.text
    assert [str(place) for place in finding.places] == [
        "data/chitchat.yml line 13", "data/bye.yml line 7",
    ]  # fmt: skip


def test_a_story_against_a_rule_for_the_beginning_of_a_conversation(project: Path) -> None:
    found = new_findings(project, "hello.yml", """
rules:
  - rule: First greeting
    conversation_start: true
    steps:
      - intent: greet
      - action: utter_greet
stories:
  - story: Greeting and help
    steps:
      - intent: greet
      - action: action_continue_case
      - intent: help
      - action: utter_help
      - action: action_continue_case
""")  # fmt: skip
    [finding] = found
    assert "the rule “First greeting”" in finding.text.lower().replace("first", "First")
    assert "at the beginning of a conversation" in finding.text
    assert [place.line for place in finding.places] == [8, 13]


def test_two_rules_that_disagree(project: Path) -> None:
    [finding] = new_findings(project, "trouble.yml", """
rules:
  - rule: A troublemaker
    steps:
      - intent: bot_challenge
      - action: utter_goodbye
""")  # fmt: skip
    assert finding.kind == "rule against rule"
    assert "“Are you a bot?” (data/chitchat.yml line " in finding.text
    assert "“A troublemaker” (data/trouble.yml line 4)" in finding.text
    assert "Only one rule can decide here" in finding.text


def test_a_rule_that_stops_where_a_story_goes_on(project: Path) -> None:
    [finding] = new_findings(project, "more.yml", """
stories:
  - story: Goodbye, and thanks
    steps:
      - intent: goodbye
      - action: utter_goodbye
      - action: utter_welcome
""")  # fmt: skip
    assert "lets the bot wait for the customer" in finding.text
    assert "(utter_welcome) (line 8)" in finding.text


def test_stories_that_cannot_be_told_apart(project: Path) -> None:
    two = """
stories:
  - story: One
    steps:
      - intent: ghost
      - action: utter_bot
  - story: Other
    steps:
      - intent: ghost
      - action: utter_welcome
"""
    kinds = [finding.kind for finding in new_findings(project, "two.yml", two)]
    assert kinds.count("story against story") == 1


def test_stories_are_not_joined_end_to_end(project: Path) -> None:
    """Two stories that only clash when one is taken for the beginning of the other."""
    found = new_findings(project, "apart.yml", """
stories:
  - story: One
    steps:
      - intent: thanks
      - action: utter_welcome
      - action: action_continue_case
      - intent: goodbye
      - action: utter_goodbye
  - story: Other
    steps:
      - intent: goodbye
      - action: utter_goodbye
""")  # fmt: skip
    assert found == []


def test_a_condition_keeps_rules_apart(project: Path) -> None:
    found = new_findings(project, "hurry.yml", """
rules:
  - rule: Goodbye in a hurry
    condition:
      - slot_was_set:
          - calm: true
    steps:
      - intent: goodbye
      - action: utter_welcome
""" + CALM)  # fmt: skip
    assert found == []


def test_a_condition_that_nothing_looks_at(project: Path) -> None:
    """Rasa would train it as a rule without a condition, and refuse both."""
    [finding] = new_findings(project, "hurry.yml", """
rules:
  - rule: Goodbye in a hurry
    condition:
      - slot_was_set:
          - hurry: true
    steps:
      - intent: goodbye
      - action: utter_welcome
""")  # fmt: skip
    assert (finding.kind, finding.severity) == ("condition without effect", ERROR)
    assert "“Goodbye in a hurry” (data/hurry.yml line 4) holds always" in finding.text
    assert "slot “hurry”" in finding.text


def test_one_sentence_with_two_meanings_names_both_places(project: Path) -> None:
    [finding] = new_findings(project, "twice.yml", """
nlu:
  - intent: thanks
    examples: |
      - Nobody can ring me!
""")  # fmt: skip
    assert finding.kind == "same sentence, two meanings"
    assert finding.severity == ERROR
    assert "the problem no_calls" in finding.text
    assert {place.file for place in finding.places} == {
        "data/problems/no_calls.yml", "data/twice.yml",
    }  # fmt: skip


def test_the_same_sentence_twice_is_only_a_warning(project: Path) -> None:
    [finding] = new_findings(project, "twice.yml", """
nlu:
  - intent: deny
    examples: |
      - absolutely not
""")  # fmt: skip
    assert (finding.kind, finding.severity) == ("said twice", WARNING)
    assert str(finding.places[1]) == "data/twice.yml line 6"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("intent: tell_a_joke", "Add it under `intents:` in domain.yml"),
        ("action: utter_joke", "Write what utter_joke says under `responses:`"),
        ("action: action_joke", "Add it under `actions:` in domain.yml"),
    ],
)
def test_names_that_there_are_not(project: Path, step: str, words: str) -> None:
    steps = f"[{{{step}}}]" if step.startswith("intent") else f"[{{intent: thanks}}, {{{step}}}]"
    condition = "condition: [{slot_was_set: [{calm: true}]}]"
    rule = f"rules:\n  - rule: Joke\n    {condition}\n    steps: {steps}\n"
    found = [it for it in new_findings(project, "joke.yml", rule) if it.kind == "unknown name"]
    assert words in found[0].text
    assert found[0].text.startswith("data/joke.yml line 5: the rule “Joke”")


def test_a_button_for_an_unknown_intent(project: Path) -> None:
    [finding] = new_findings(project, "button.yml", """
responses:
  utter_goodbye_then:
    - text: Bye
      buttons:
        - {title: Bye, payload: /farewell}
rules:
  - rule: Bye then
    condition: [{slot_was_set: [{calm: true}]}]
    steps: [{intent: goodbye}, {action: utter_goodbye_then}]
""" + CALM)  # fmt: skip
    assert "a button of utter_goodbye_then uses the intent “farewell”" in finding.text


def test_a_text_with_two_homes(project: Path) -> None:
    [finding] = new_findings(project, "text.yml", """
responses:
  utter_bot:
    - text: I am something else
""")  # fmt: skip
    assert finding.kind == "one name twice"
    assert [place.file for place in finding.places] == ["data/chitchat.yml", "data/text.yml"]


def test_a_rule_for_two_messages(project: Path) -> None:
    found = new_findings(project, "long.yml", """
rules:
  - rule: Too much
    condition: [{slot_was_set: [{calm: true}]}]
    steps:
      - intent: thanks
      - action: utter_welcome
      - intent: goodbye
      - action: utter_goodbye
""" + CALM)  # fmt: skip
    assert "a rule answers one message" in found[0].text


def test_an_intent_nobody_teaches_or_answers(project: Path) -> None:
    domain = project / "domain.yml"
    domain.write_text(domain.read_text().replace("  - greet\n", "  - greet\n  - tell_joke\n", 1))
    kinds = {finding.kind for finding in check(project) if "tell_joke" in finding.text}
    assert kinds == {"untaught", "unanswered"}


def test_a_broken_file_is_named_with_its_line(project: Path) -> None:
    (project / "data" / "broken.yml").write_text("rules:\n  - rule: x\n   steps: [\n")
    [finding] = [it for it in check(project) if it.kind == "unreadable"]
    assert finding.places[0].file == "data/broken.yml"
    assert finding.places[0].line in (3, 4)


def test_operator_content_is_looked_at_too(project: Path) -> None:
    article = project / "data" / "faq" / "voicemail.yml"
    article.write_text(article.read_text().replace("[call_forwarding]", "[call_forwardin]"))
    [finding] = [it for it in check(project) if it.severity == ERROR]
    assert "data/faq/voicemail.yml: next: no article is called 'call_forwardin'" in finding.text


def test_a_text_nobody_says(project: Path) -> None:
    [finding] = new_findings(
        project, "xylophone.yml", "responses:\n  utter_xylophone:\n    - text: Hm\n"
    )
    assert (finding.kind, finding.severity) == ("never said", WARNING)


def test_nothing_is_said_to_be_unused_that_code_puts_together() -> None:
    assert [it.text for it in check(ROOT) if it.kind == "never said"] == []
