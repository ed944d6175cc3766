"""What happens when the dialogue fails: an honest message, and a way to file the case without it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.case.filing import filed
from bot.case.model import Case, Handover
from bot.conversation.events import Event
from bot.engine.dialogue import Incoming, Outcome, Said
from bot.engine.tracker import NOTHING
from bot.handoff.passing import as_it_stands

TRY_AGAIN = "!try-again"
FILE_AS_IT_IS = "!file-as-it-is"

APOLOGY = (
    "Sorry, something has gone wrong on our side. Everything you've told me is safe, but what you did "
    "last has not been sent to anyone yet. You can try again, or I pass on what we have to a person "
    "as it is."
)
FAILED = Handover("email", "the bot failed; the customer asked for a person")
CHOICES = (("Try again", TRY_AGAIN), ("Pass it on to a person", FILE_AS_IT_IS))
FILED = (
    "Done. Your case {number} is filed with everything you've written here, and a person reads it."
)


def apology(case: Case, tracker: bytes) -> Outcome:
    """The outcome of a turn that failed: the case and the tracker stay as they were."""
    return Outcome([Said(APOLOGY, CHOICES)], case, tracker)


def file_as_it_is(case: Case, heard: Incoming, log: Sequence[Event]) -> Outcome:
    """Files the case as far as it goes; `log` is that of the conversation.

    The dialogue begins anew after it. Asked for twice, it is filed once.
    """
    if case.changed or not case.filed:
        case = as_it_stands(case, log, case.handover or FAILED)
        case = filed(case, heard.facts["number"], heard.facts["at"], confirmed=False)
    return Outcome([Said(FILED.format(number=case.number))], case, NOTHING)
