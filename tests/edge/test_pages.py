"""Everything that is not the customer API: pages, health, status, description, mailbox."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.content import Content, load_content
from bot.content.incidents import Incidents
from bot.content.records import Incident
from bot.edge.openapi import describe
from bot.edge.static import Asset, StaticApi
from bot.edge.status import StatusApi
from bot.files.limits import FileLimits
from bot.settings import ROOT
from tests.edge.conftest import HOST_PAGE, Customer, Edge, problem
from tests.edge.servers import start_edge

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_edge_says_that_it_is_well(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_metrics_count_what_happens(customer: Customer) -> None:
    customer.say("counted")
    families = text_string_to_metric_families(customer.client.get("/metrics").text)
    samples = {(it.name, *sorted(it.labels.values())): it.value
               for family in families for it in family.samples}  # fmt: skip
    assert samples[("firstline_requests_total", "202", "say")] >= 1
    assert samples[("firstline_messages_total", "accepted")] >= 1
    assert samples[("firstline_request_seconds_count", "open")] >= 1
    assert samples[("firstline_waiting", "ready")] >= 1
    assert samples[("firstline_waiting", "person")] >= 0


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "203.0.113.9"}, {"Host": "evil.example"}, {"Forwarded": "for=x"}],
)
@pytest.mark.parametrize("path", ["/metrics", "/mailbox/messages"])
def test_what_is_for_this_machine_stays_on_it(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    problem(client.get(path, headers=headers), 404)


def test_the_status_tells_hours_and_response_times(client: httpx.Client) -> None:
    status = client.get("/api/v1/status", headers={"Origin": HOST_PAGE})
    assert status.headers["access-control-allow-origin"] == HOST_PAGE
    body = status.json()
    assert set(body) == {"open", "next_opening", "response_times", "incidents", "files"}
    assert set(body["response_times"]) == {
        "technical", "billing", "account", "order", "complaint", "other",
    }  # fmt: skip
    assert body["open"] == (body["next_opening"] is None)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


def test_next_opening_is_told_when_closed(content: Content, tmp_path: Path) -> None:
    api = StatusApi(content, Incidents(tmp_path / "incidents.yml"), FileLimits())
    assert api.at(NOW).open
    night = api.at(NOW.replace(hour=23))
    assert not night.open
    assert night.next_opening == datetime(2026, 11, 24, 8, 0, tzinfo=timezone.utc)


async def test_incidents_are_taken_over_while_running(content: Content, tmp_path: Path) -> None:
    file = tmp_path / "incidents.yml"
    api = StatusApi(content, Incidents(file), FileLimits())
    entry = """
- name: leeds
  title: Mobile data in Leeds
  text: We are mending a mast.
  problems: [no_mobile_data]
  since: {since}
  until: {until}
"""
    hour = timedelta(hours=1)
    for since, until, shown in ((-hour, hour, 1), (hour, 2 * hour, 0), (-2 * hour, -hour, 0)):
        times = {"since": (NOW + since).isoformat(), "until": (NOW + until).isoformat()}
        file.write_text(entry.format(**times))
        await api.read_again()
        assert len(api.at(NOW).incidents) == shown
    file.write_text("- name: [broken")
    await api.read_again()
    assert api.at(NOW - 90 * timedelta(minutes=1)).incidents[0]["title"] == "Mobile data in Leeds"


def test_an_incident_without_end_goes_on(content: Content, tmp_path: Path) -> None:
    lasting = Incident(name="x", title="X", text="X", problems=[], since=NOW.replace(tzinfo=None))
    incidents = Incidents(tmp_path / "incidents.yml")
    incidents.known = [lasting]
    api = StatusApi(content, incidents, FileLimits())
    assert api.at(NOW + timedelta(days=9)).incidents[0]["until"] is None


def test_the_description_is_served_and_names_every_call(client: httpx.Client) -> None:
    served = client.get("/openapi.json").json()
    assert served == describe(str(client.base_url).rstrip("/"))
    assert served["openapi"].startswith("3.1")
    calls = {f"{method} {path}" for path, calls in served["paths"].items() for method in calls}
    one = "/api/v1/conversations/{conversation}"
    assert calls == {
        "post /api/v1/conversations", f"post {one}/messages", f"get {one}/events",
        f"post {one}/files", f"get {one}/files/{{file}}", f"patch {one}/case", "get /api/v1/status",
        "post /api/v1/resume", "post /api/v1/resume/open",
    }  # fmt: skip


def test_every_reference_in_the_description_leads_somewhere() -> None:
    document = describe("http://127.0.0.1")
    schemas = document["components"]["schemas"]

    def references(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert {it.removeprefix("#/components/schemas/") for it in found} <= set(schemas)
    assert schemas["NewMessage"]["additionalProperties"] is False


def test_every_answer_is_hardened(client: httpx.Client) -> None:
    for path in ("/healthz", "/api/v1/status", "/nothing", "/openapi.json"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors" in headers["content-security-policy"]
        assert "server" not in headers
        assert "x-powered-by" not in headers


@pytest.fixture
def site(tmp_path: Path) -> StaticApi:
    (tmp_path / "web" / "assets").mkdir(parents=True)
    (tmp_path / "web" / "assets" / "app-1a2B_3c4.js").write_text("let a = 1;" * 500)
    (tmp_path / "web" / ".vite").mkdir()
    (tmp_path / "web" / ".vite" / "manifest.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return StaticApi(tmp_path / "web")


def test_assets_are_read_once_and_again_when_changed(site: StaticApi) -> None:
    name = "assets/app-1a2B_3c4.js"
    first = site._asset(name)
    assert isinstance(first, Asset)
    assert gzip.decompress(first.packed) == first.body
    assert first.type.startswith("text/javascript")
    assert site._asset(name) is first
    (site._folder / name).write_text("let b = 2;")
    again = site._asset(name)
    assert again is not None
    assert again.body == b"let b = 2;"


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "assets/../../secret.txt", "/etc/passwd", ".vite/manifest.json", "assets",
     "assets//app-1a2B_3c4.js", "assets/%2e%2e/x", "", ".", "assets/x\x00", "..", "assets/.."],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(site: StaticApi, name: str) -> None:
    assert site._asset(name) is None


def test_traversal_over_the_wire_is_not_found(client: httpx.Client) -> None:
    for path in ("/assets/..%2f..%2fsecret", "/assets/%2e%2e/%2e%2e/x", "/assets/../../x"):
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        assert client.send(request).status_code == 404


def test_pages_say_when_they_have_not_been_built(client: httpx.Client) -> None:
    built = (ROOT / "web" / "dist" / "index.html").is_file()
    for path in ("/", "/mailbox", "/desk"):
        answer = client.get(path)
        if not built:
            problem(answer, 503)
            continue
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        tag = {"If-None-Match": answer.headers["etag"]}
        assert client.get(path, headers=tag).status_code == 304


def test_the_launcher_may_be_loaded_by_any_site(client: httpx.Client) -> None:
    answer = client.get("/widget.js", headers={"Origin": "https://anyone.example"})
    if answer.status_code == 404:
        pytest.skip("the widget has not been built")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.fixture
def mail(edge: Edge) -> Iterator[str]:
    """The id of a mail in the development mailbox."""
    mail = EmailMessage()
    mail["From"] = "Meadow <support@meadow.example>"
    mail["To"] = "cases@meadow.example"
    mail["Subject"] = "[FL-7K3M2Q] Technical – Grüße"
    mail["Date"] = "Sun, 22 Nov 2026 09:00:00 +0000"
    mail["X-Firstline-Case"] = "FL-7K3M2Q"
    mail.set_content("the text")
    mail.add_alternative("<p>the html</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b'{"case": 1}', "application", "json", filename="case.json")
    mail.add_attachment("<svg/>", subtype="html", filename="../x.html")
    box = Maildir(edge.state_dir / "mailbox")
    id = box.add(mail.as_bytes())
    yield id
    box.remove(id)


def test_the_development_mailbox_is_shown(client: httpx.Client, mail: str) -> None:
    (listed,) = client.get("/mailbox/messages").json()["messages"]
    assert listed["id"] == mail
    assert listed["subject"] == "[FL-7K3M2Q] Technical – Grüße"
    assert listed["to"] == "cases@meadow.example"
    assert listed["case"] == "FL-7K3M2Q"
    assert listed["at"] == "2026-11-22T09:00:00+00:00"
    assert listed["attachments"][0] == {
        "name": "case.json", "type": "application/json", "bytes": 11,
    }  # fmt: skip

    whole = client.get(f"/mailbox/messages/{mail}").json()
    assert whole["text"] == "the text\n"
    assert whole["html"].startswith("<p>the html</p>")
    assert whole["headers"]["X-Firstline-Case"] == "FL-7K3M2Q"


def test_attachments_of_a_mail_are_inert(client: httpx.Client, mail: str) -> None:
    json_part = client.get(f"/mailbox/messages/{mail}/attachments/0")
    assert json_part.json() == {"case": 1}
    page = client.get(f"/mailbox/messages/{mail}/attachments/1")
    assert page.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in page.headers["content-security-policy"]
    raw = client.get(f"/mailbox/messages/{mail}/raw")
    assert raw.headers["content-type"].startswith("text/plain")
    assert b"X-Firstline-Case: FL-7K3M2Q" in raw.content


@pytest.mark.parametrize("id", ["nothing", "..%2f..%2fsecret", "%2e%2e"])
def test_mails_that_are_not_there(client: httpx.Client, mail: str, id: str) -> None:
    for path in (f"/mailbox/messages/{id}", f"/mailbox/messages/{id}/raw"):
        problem(client.get(path), 404)
    problem(client.get(f"/mailbox/messages/{mail}/attachments/9"), 404)


def test_without_a_development_mailbox_its_mails_are_not_served(
    redis_url: str, tmp_path: Path
) -> None:
    server, url = start_edge(tmp_path, redis_url)
    try:
        for path in ("/mailbox", "/mailbox/messages", "/mailbox/messages/x/raw"):
            problem(httpx.get(url + path), 404)
    finally:
        server.stop()
