"""A Zammad help desk over its REST API: the first revision of a case makes a ticket, each further one an
article in it (https://docs.zammad.org, "REST API").

Zammad has no key for "this one was sent before". So the ticket is found again by the case number in
its title, and an article by its subject, before anything is written.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx

from bot.case.document import CaseDocument, encode_document
from bot.case.fields import CONTACT_EMAIL
from bot.mail.elsewhere.parcel import Parcel, answered, client, failed
from bot.mail.render import CASE_FILE
from bot.mail.smtp import Delivery, Outcome

PRIORITIES = {"P1": 3, "P2": 3, "P3": 2, "P4": 1}  # Zammad has 1 low, 2 normal, 3 high
SENT = Delivery(Outcome.SENT)


class _Answered(Exception):
    """A call that was not answered as it should; `delivery` says what that means."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.reason)
        self.delivery = delivery


class Zammad:
    """Tickets in one group of one Zammad.

    body: the case as plain text. nobody: the address of the customer where none is known.
    """

    def __init__(
        self, url: str, token: str, group: str, nobody: str, body: Callable[[Parcel], str]
    ) -> None:
        self._url = url.rstrip("/") + "/api/v1"
        self._group = group
        self._nobody = nobody
        self._body = body
        self._client = client({"Authorization": f"Token token={token}"})

    async def carry(self, parcel: Parcel) -> Delivery:
        """Hands one parcel over; failures are outcomes, never exceptions."""
        try:
            ticket = await self._ticket(parcel.document.case)
            if ticket is None:
                await self._call("POST", "/tickets", self._new_ticket(parcel))
            elif not await self._has(ticket, subject_of(parcel.document)):
                article = {"ticket_id": ticket, **self._article(parcel)}
                await self._call("POST", "/ticket_articles", article)
        except _Answered as error:
            return error.delivery
        except httpx.HTTPError as error:
            return failed(error)
        return SENT

    async def close(self) -> None:
        """Takes leave."""
        await self._client.aclose()

    async def _ticket(self, number: str) -> int | None:
        """The ticket of a case, if there is one."""
        query = {"query": f'title:"{number}"', "limit": "10", "expand": "true"}
        found = await self._call("GET", "/tickets/search", params=query)
        tickets = found if isinstance(found, list) else []
        fitting = [int(it["id"]) for it in tickets if f"[{number}]" in str(it.get("title"))]
        return min(fitting, default=None)

    async def _has(self, ticket: int, subject: str) -> bool:
        articles = await self._call("GET", f"/ticket_articles/by_ticket/{ticket}")
        return any(str(it.get("subject")) == subject for it in articles)

    def _new_ticket(self, parcel: Parcel) -> dict[str, Any]:
        document = parcel.document
        stated = document.fields.get(CONTACT_EMAIL)
        known = stated.value if stated and not stated.invalid else None
        return {
            "title": document.subject,
            "group": self._group,
            "customer_id": f"guess:{known or self._nobody}",
            "priority_id": PRIORITIES[document.priority],
            "article": self._article(parcel),
        }

    def _article(self, parcel: Parcel) -> dict[str, Any]:
        return {
            "subject": subject_of(parcel.document),
            "body": self._body(parcel),
            "content_type": "text/plain",
            "type": "note",
            "internal": True,
            "attachments": [
                _attachment(CASE_FILE, "application/json", encode_document(parcel.document)),
                *(_attachment(file.name, file.type, file.data)
                  for file in parcel.files if file.data is not None),
            ],
        }  # fmt: skip

    async def _call(
        self, method: str, path: str, body: object = None, params: dict[str, str] | None = None
    ) -> Any:
        response = await self._client.request(method, self._url + path, params=params, json=body)
        if not response.is_success:
            raise _Answered(answered(response))
        try:
            return response.json()
        except ValueError as error:
            wrong = Delivery(Outcome.DEFERRED, "the answer is not JSON", alarm=True)
            raise _Answered(wrong) from error


def subject_of(document: CaseDocument) -> str:
    """The subject of a revision's article, by which it is known again."""
    return f"{document.case} revision {document.revision}"


def _attachment(name: str, kind: str, data: bytes) -> dict[str, str]:
    return {"filename": name, "data": base64.b64encode(data).decode(), "mime-type": kind}
