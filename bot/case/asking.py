"""What the bot may wait for beside a field, and what kinds of message answer no question. Pure."""

from __future__ import annotations

from bot.case.model import State

CONFIRMATION = "confirmation"
CHANGE = "change"
CANCEL = "cancel"
SOLVED = "solved"
START_OVER = "start_over"
DOUBT = "doubt"
SECOND = "second"
NEXT = "next"
# Whether a case that was closed is to be opened again.
REOPEN = "reopen"
# Whether to be put through to a person.
PERSON = "person"
# Which kind of problem it is.
KIND = "kind"
# Asked beside the summary: what is said then is about what it shows.
SHOWN = (CONFIRMATION, CHANGE)
REPORTS = frozenset({"report_problem", "complaint"})
# Intents that are never an answer to a question about a field.
COMMANDS = frozenset({
    "ask_human", "cancel", "start_over", "help", "faq", "why_ask", "change_field", "skip_to_end",
    "bot_challenge", "greet", "goodbye", "thanks", "frustration", "choose_field", "choose_kind", "case_edited",
    "skip_question", "solved", "not_solved", "file_sent",
})  # fmt: skip
NO_ANSWERS = {"dont_know": State.UNKNOWN, "refuse": State.REFUSED}
