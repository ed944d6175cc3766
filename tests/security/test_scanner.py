"""Files are looked at by ClamAV where there is one, and taken in only when it lets them pass."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.errors import SettingError
from bot.files.gate import RefusedFile
from bot.files.scan import CHUNK, Scanner, ScannerUnavailable
from bot.files.store import FileStore
from bot.settings import load_settings
from tests.edge.conftest import open_conversation, problem
from tests.edge.servers import start_edge
from tests.files.test_gate import picture
from tests.security.clamd import CLAMD, EICAR, LARGEST, StandIn, real_clamd, stand_in
from tests.support.ports import free_port


@pytest.fixture(scope="module")
def daemon() -> Iterator[StandIn]:
    with stand_in() as server:
        yield server


@pytest.fixture(scope="module", params=["stand-in", "clamd"])
def address(
    request: pytest.FixtureRequest, daemon: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "stand-in":
        yield daemon.address
        return
    if not Path(CLAMD).exists():
        pytest.skip("ClamAV is not installed on this machine")
    with real_clamd(tmp_path_factory.mktemp("clamd")) as socket:
        yield socket


@pytest.mark.parametrize("body", [b"x", b"log\n" * CHUNK, picture("PNG")])
def test_what_is_harmless_passes(address: str, body: bytes) -> None:
    Scanner(address).look_at(body)


@pytest.mark.parametrize("around", [b"", b"x" * (CHUNK - 10)], ids=["alone", "between two chunks"])
def test_what_is_known_is_refused(address: str, around: bytes) -> None:
    with pytest.raises(RefusedFile, match="virus"):
        Scanner(address).look_at(around + EICAR)


def test_what_it_cannot_look_at_is_not_taken(address: str) -> None:
    with pytest.raises(ScannerUnavailable):
        Scanner(address).look_at(b"x" * (LARGEST + CHUNK))


def test_a_picture_is_looked_at_as_it_was_sent(daemon: StandIn, tmp_path: Path) -> None:
    """What hides behind a picture is found, though it would be dropped anyway."""
    files = FileStore(tmp_path, Scanner(daemon.address))
    with pytest.raises(RefusedFile, match="virus"):
        files.take("c", "x.png", picture("PNG") + EICAR)
    assert not (tmp_path / "c").exists()
    assert files.take("c", "x.png", picture("PNG")).type == "image/png"


@pytest.mark.parametrize("verdict", [b"", b"\0", b"stream: \0", b"ERROR\0", b"x" * 9_000])
def test_no_verdict_is_no_pass(daemon: StandIn, verdict: bytes) -> None:
    daemon.verdict = verdict or b"\0"
    try:
        with pytest.raises(ScannerUnavailable):
            Scanner(daemon.address).look_at(b"x")
    finally:
        daemon.verdict = b""


def test_a_scanner_that_is_away_or_silent(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable):
        Scanner(f"tcp://127.0.0.1:{free_port()}").look_at(b"x")
    with pytest.raises(ScannerUnavailable):
        Scanner(f"unix://{tmp_path}/none").look_at(b"x")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ScannerUnavailable):
            Scanner(f"tcp://127.0.0.1:{port}", seconds=0.2).look_at(b"x")


def test_without_a_scanner_nothing_is_asked() -> None:
    Scanner().look_at(EICAR)


def test_addresses_that_cannot_be_are_named() -> None:
    assert load_settings({"FIRSTLINE_CLAMD": "unix:///run/clamav/clamd.ctl"}).clamd
    with pytest.raises(SettingError, match="FIRSTLINE_CLAMD"):
        load_settings({"FIRSTLINE_CLAMD": "127.0.0.1:3310"})


def test_uploads_are_refused_with_the_reason(redis_url: str, tmp_path: Path) -> None:
    with stand_in() as scanner:
        server, url = start_edge(tmp_path, redis_url, FIRSTLINE_CLAMD=scanner.address)
        with httpx.Client(base_url=url, timeout=35) as client:
            customer = open_conversation(client)
            bad = {"file": ("x.png", picture("PNG") + EICAR)}
            assert "virus" in problem(customer.post("files", files=bad), 415)["detail"]
            good = {"file": ("x.png", picture("PNG"))}
            assert customer.post("files", files=good).status_code == 201
            # Gone from here on: nothing is taken in unseen, and everything else goes on.
            scanner.shutdown()
            scanner.server_close()
            away = customer.post("files", files={"file": ("y.txt", b"a log")})
            assert problem(away, 503)
            assert "retry-after" in away.headers
            assert customer.say("still here").status_code == 202
        assert server.stop() == 0, "".join(server.output)
