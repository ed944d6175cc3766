"""Which family of intents an intent belongs to: the nine that the outside sees."""

from __future__ import annotations

FAMILIES = (
    "report_problem", "faq", "ask_human", "affirm", "deny", "inform", "chitchat", "complaint", "out_of_scope",
)  # fmt: skip

# Intents that steer our own dialogue count as what they mean to the outside: "just file it" agrees,
# "that didn't work" says no, "I don't know" is an answer, swearing at us complains.
FAMILY = {
    "greet": "chitchat",
    "goodbye": "chitchat",
    "thanks": "chitchat",
    "bot_challenge": "chitchat",
    "help": "chitchat",
    "start_over": "chitchat",
    "cancel": "deny",
    "refuse": "deny",
    "not_solved": "deny",
    "solved": "affirm",
    "skip_to_end": "affirm",
    "dont_know": "inform",
    "change_field": "inform",
    "why_ask": "faq",
    "frustration": "complaint",
    "nlu_fallback": "out_of_scope",
    "": "out_of_scope",
}


def family(intent: str) -> str:
    """The family of an intent; those that a trainer made are questions with an answer of their own."""
    found = FAMILY.get(intent, intent)
    return found if found in FAMILIES else "faq"
