"""What the operator sets is what customers may send, and what they are told."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.edge.conftest import Customer, open_conversation, problem
from tests.edge.servers import start_edge

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def strict(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An edge that takes one file of one megabyte."""
    server, url = start_edge(
        tmp_path_factory.mktemp("strict"), redis_url,
        FIRSTLINE_FILES_PER_CONVERSATION="1", FIRSTLINE_FILE_MEGABYTES="1",
    )  # fmt: skip
    with httpx.Client(base_url=url, timeout=35) as client:
        yield client
    server.stop()


def send(customer: Customer, body: bytes) -> httpx.Response:
    return customer.post("files", files={"file": ("notes.txt", body)})


def test_the_limits_are_told(strict: httpx.Client) -> None:
    assert strict.get("/api/v1/status").json()["files"] == {"most": 1, "megabytes": 1}


def test_a_larger_file_is_refused_with_the_limit(strict: httpx.Client) -> None:
    customer = open_conversation(strict)
    assert "1 MB" in problem(send(customer, b"a" * (MEGABYTE + 1)), 413)["detail"]
    assert send(customer, b"a" * MEGABYTE).status_code == 201


def test_one_file_too_many_is_refused_with_the_limit(strict: httpx.Client) -> None:
    customer = open_conversation(strict)
    assert send(customer, b"one").status_code == 201
    assert "1 files at most" in problem(send(customer, b"two"), 413)["detail"]
