from __future__ import annotations

from datetime import datetime

from bot.case.filing import COMPLETE, filed, now_text
from bot.case.model import Case, Field, Handover, State

AT = "2026-11-22T08:16:05Z"


def test_the_first_filing_sets_number_revision_and_time_of_receipt() -> None:
    case = filed(Case(), "FL-7K3M2Q", AT)
    assert (case.number, case.revision, case.received_at) == ("FL-7K3M2Q", 1, AT)
    assert case.confirmed_by_customer
    assert case.handover == COMPLETE
    assert case.filed


def test_a_later_filing_keeps_number_and_time_of_receipt() -> None:
    first = filed(Case(), "FL-7K3M2Q", AT)
    changed = first.with_field("device", Field("Pixel 8", State.STATED))
    second = filed(changed, "FL-000000", "2026-11-23T00:00:00Z")
    assert (second.number, second.revision, second.received_at) == ("FL-7K3M2Q", 2, AT)


def test_a_reason_for_the_handover_stays() -> None:
    asked = Handover("email", "the customer asked for a person")
    assert filed(Case(handover=asked), "FL-7K3M2Q", AT).handover == asked


def test_unconfirmed_is_not_called_confirmed() -> None:
    assert not filed(Case(), "FL-7K3M2Q", AT, confirmed=False).confirmed_by_customer


def test_a_trial_without_number_and_time_has_both() -> None:
    case = filed(Case(), None, None)
    assert case.number
    assert case.received_at
    assert datetime.fromisoformat(case.received_at).utcoffset() is not None
    assert now_text().endswith("Z")
