"""Sending a file and getting it back."""

from __future__ import annotations

import asyncio
import hashlib
import stat

import httpx
import pytest

from bot.files.gate import MAX_BYTES
from tests.edge.conftest import Customer, Edge, problem
from tests.files.test_gate import SVG, picture


def send(customer: Customer, name: str, body: bytes, type: str = "image/png") -> httpx.Response:
    return customer.post("files", files={"file": (name, body, type)})


def test_a_file_is_stored_logged_and_given_back(customer: Customer, edge: Edge) -> None:
    answer = send(customer, "../screen shot.png", picture("PNG"))
    assert answer.status_code == 201
    stored = answer.json()
    assert set(stored) == {"file", "name", "type", "bytes"}
    assert (stored["name"], stored["type"]) == ("screen shot.png", "image/png")
    last = customer.events()[-1]
    assert (last["from"], last["text"], last["file"]) == ("customer", "", stored)

    path = edge.state_dir / "files" / customer.id / stored["file"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    got = customer.client.get(f"{customer.path}/files/{stored['file']}", headers=customer.auth)
    assert got.status_code == 200
    assert got.content == path.read_bytes()
    assert len(got.content) == stored["bytes"]
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["content-security-policy"]


def test_a_file_is_for_the_holder_of_the_token_only(
    customer: Customer, new_customer: object
) -> None:
    assert callable(new_customer)
    other: Customer = new_customer()
    file = send(customer, "x.png", picture("PNG")).json()["file"]
    problem(other.client.get(f"{customer.path}/files/{file}", headers=other.auth), 401)
    problem(other.client.get(f"{other.path}/files/{file}", headers=other.auth), 404)


@pytest.mark.parametrize("file", ["0" * 32, "x", "..%2f..%2fsecret", "%2e%2e", "0" * 31 + "%00"])
def test_what_is_no_file_is_not_found(customer: Customer, file: str) -> None:
    send(customer, "x.png", picture("PNG"))
    problem(customer.client.get(f"{customer.path}/files/{file}", headers=customer.auth), 404)


def test_the_same_file_again_is_the_same_file(customer: Customer) -> None:
    body = picture("JPEG")
    first, second = send(customer, "a.jpg", body), send(customer, "a.jpg", body)
    assert first.json() == second.json()
    assert len([it for it in customer.events() if "file" in it]) == 1


def test_the_type_is_what_the_bytes_are(customer: Customer) -> None:
    stored = send(customer, "page.html", picture("GIF", "P"), "text/html").json()
    assert (stored["name"], stored["type"]) == ("page.gif", "image/gif")


@pytest.mark.parametrize("type", ["image/png", "image/svg+xml", "text/plain"])
def test_svg_is_refused_whatever_it_is_called(customer: Customer, edge: Edge, type: str) -> None:
    problem(send(customer, "x.png", SVG, type), 415)
    assert not (edge.state_dir / "files" / customer.id).exists()
    assert all("file" not in event for event in customer.events())


@pytest.mark.parametrize("extra", [1, 6 * 1024 * 1024])
def test_more_than_ten_megabytes_are_refused(customer: Customer, extra: int) -> None:
    problem(send(customer, "x.txt", b"x" * (MAX_BYTES + extra), "text/plain"), 413)
    assert customer.say("still here").status_code == 202


def test_ten_megabytes_are_taken(customer: Customer) -> None:
    answer = send(customer, "x.txt", b"x" * MAX_BYTES, "text/plain")
    assert (answer.status_code, answer.json()["bytes"]) == (201, MAX_BYTES)


def test_a_sixth_file_is_refused(customer: Customer) -> None:
    for number in range(5):
        assert send(customer, "x.txt", f"log {number}".encode()).status_code == 201
    problem(send(customer, "x.txt", b"log 5"), 413)
    assert send(customer, "x.txt", b"log 4").status_code == 201


async def test_files_sent_at_once_are_counted(customer: Customer, edge: Edge) -> None:
    async with httpx.AsyncClient(base_url=edge.url, headers=customer.auth, timeout=30) as client:
        sends = (
            client.post(
                f"{customer.path}/files", files={"file": ("x.txt", f"log {number}".encode())}
            )
            for number in range(9)
        )
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*sends))
    assert statuses == [201] * 5 + [413] * 4


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "multipart/form-data"}, b"x", 415),
        ({"Content-Type": "multipart/form-data; boundary="}, b"x", 415),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"", 422),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\nbroken\r\n--b--", 400),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\n\xff: x\r\n\r\n--b--", 400),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file name\r\n--b--\r\n',
            422,
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="other"; filename="x"\r\n\r\nx\r\n--b--\r\n',
            422,
        ),
    ],
)
def test_broken_forms_are_refused(
    customer: Customer, headers: dict[str, str], body: bytes, status: int
) -> None:
    path = f"{customer.path}/files"
    problem(customer.client.post(path, headers=customer.auth | headers, content=body), status)


def test_two_files_at_once_are_refused(customer: Customer) -> None:
    two = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
    problem(customer.post("files", files=two), 422)


def test_a_byte_that_looks_like_a_boundary_does_not_cut_a_file(customer: Customer) -> None:
    body = b"line\r\n--not-the-boundary--\r\n--\r\nend"
    stored = send(customer, "x.txt", body, "text/plain").json()
    got = customer.client.get(f"{customer.path}/files/{stored['file']}", headers=customer.auth)
    assert hashlib.sha256(got.content).digest() == hashlib.sha256(body).digest()
