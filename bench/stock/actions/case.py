"""The stock bot's actions, run by `rasa run actions` in a server of their own."""

from __future__ import annotations

import re
import secrets
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)


class ValidateCaseForm(FormValidationAction):
    """Checks what is typed into the form."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "validate_case_form"

    def validate_account_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """An account number has eight to ten digits."""
        digits = re.sub(r"\D", "", str(value))
        return {"account_number": digits if 8 <= len(digits) <= 10 else None}

    def validate_contact_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """An address is found in what is said."""
        found = EMAIL.search(str(value))
        return {"contact_email": found.group() if found else None}


class ActionFileCase(Action):
    """Tells the customer a case number. Nothing is stored and no mail is sent, unlike in Firstline."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_file_case"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """The form is empty again for the next problem."""
        number = "FL-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        email = tracker.get_slot("contact_email")
        dispatcher.utter_message(
            f"Done. Your case {number} is filed, and our team answers within two working days. "
            f"A copy is on its way to {email}."
        )
        return [AllSlotsReset()]
