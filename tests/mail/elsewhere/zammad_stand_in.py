"""What Zammad's published REST API says of tickets and articles, as far as it is used here."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.mail.elsewhere.http_server import Answer, Call

TOKEN = "a-token-of-the-tests"
NEEDED = {"title", "group", "article"}


@dataclass
class Desk:
    """Tickets and their articles, as the API would keep them."""

    groups: tuple[str, ...] = ("Users", "Service Desk")
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    articles: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        """The API's answer to a call."""
        if call.headers.get("authorization") != f"Token token={TOKEN}":
            return 401, {"error": "Invalid BasicAuth credentials"}
        parts = urlsplit(call.path)
        body = json.loads(call.body) if call.body else {}
        if (call.method, parts.path) == ("GET", "/api/v1/tickets/search"):
            return self._search(parse_qs(parts.query))
        if (call.method, parts.path) == ("POST", "/api/v1/tickets"):
            return self._create_ticket(body)
        if (call.method, parts.path) == ("POST", "/api/v1/ticket_articles"):
            return self._create_article(body)
        listed = re.fullmatch(r"/api/v1/ticket_articles/by_ticket/(\d+)", parts.path)
        if call.method == "GET" and listed:
            return 200, [it for it in self.articles if it["ticket_id"] == int(listed[1])]
        return 404, {"error": "No route matches"}

    def _search(self, query: dict[str, list[str]]) -> Answer:
        wanted = re.fullmatch(r'title:"(.+)"', query["query"][0])
        assert wanted, "the one form of query that is used"
        found = [ticket for ticket in self.tickets.values() if wanted[1] in ticket["title"]]
        if query.get("expand") == ["true"]:
            return 200, found
        return 200, {"tickets": [it["id"] for it in found], "tickets_count": len(found)}

    def _create_ticket(self, body: dict[str, Any]) -> Answer:
        customer = str(body.get("customer_id", ""))
        if not body.keys() >= NEEDED or not re.fullmatch(r"guess:\S+@\S+", customer):
            return 422, {"error": "Required params are missing"}
        if body["group"] not in self.groups:
            return 422, {"error": f"No value found for 'group' and {body['group']}"}
        id = len(self.tickets) + 1
        self.tickets[id] = {"id": id, **{k: v for k, v in body.items() if k != "article"}}
        self._add(id, body["article"])
        return 201, self.tickets[id]

    def _create_article(self, body: dict[str, Any]) -> Answer:
        if body.get("ticket_id") not in self.tickets:
            return 404, {"error": "Couldn't find Ticket"}
        return 201, self._add(int(body["ticket_id"]), body)

    def _add(self, ticket: int, body: dict[str, Any]) -> dict[str, Any]:
        for attachment in body.get("attachments", ()):
            base64.b64decode(attachment["data"], validate=True)
            assert attachment.keys() == {"filename", "data", "mime-type"}
        article = {**body, "id": len(self.articles) + 1, "ticket_id": ticket}
        self.articles.append(article)
        return article
