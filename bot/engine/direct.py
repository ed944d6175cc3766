"""What happens when the dialogue fails: an honest message, and a way to file the case without it."""

from __future__ import annotations

import msgspec

from bot.case.fields import DESCRIPTION
from bot.case.filing import filed
from bot.case.model import Case, Field, Handover, State
from bot.engine.dialogue import Incoming, Outcome, Said

TRY_AGAIN = "!try-again"
FILE_AS_IT_IS = "!file-as-it-is"

APOLOGY = (
    "Sorry, something has gone wrong on our side. Everything you've told me is safe, and nothing has "
    "been sent yet. You can try again, or I pass on what we have to a person as it is."
)
CHOICES = (("Try again", TRY_AGAIN), ("Pass it on to a person", FILE_AS_IT_IS))
FILED = (
    "Done. Your case {number} is filed with everything you've written here, and a person reads it."
)


def apology(case: Case, tracker: bytes) -> Outcome:
    """The outcome of a turn that failed: the case and the tracker stay as they were."""
    return Outcome([Said(APOLOGY, CHOICES)], case, tracker)


def file_as_it_is(case: Case, tracker: bytes, heard: Incoming, said: str) -> Outcome:
    """Files the case as far as it goes; `said` is all the customer has written in this conversation."""
    if case.field(DESCRIPTION).value is None and said:
        case = case.with_field(DESCRIPTION, Field(said, State.STATED, said))
    case = msgspec.structs.replace(
        case, handover=Handover("email", "the bot failed; the customer asked for a person")
    )
    case = filed(case, heard.facts["number"], heard.facts["at"], confirmed=False)
    return Outcome([Said(FILED.format(number=case.number))], case, tracker)
