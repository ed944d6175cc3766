"""Ports on 127.0.0.1: is one free, which did the private servers get last time."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"
FILE = "ports.json"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def kept_ports(state_dir: Path) -> dict[str, int]:
    """The ports chosen by the last start with this state directory; empty before the first."""
    with suppress(OSError, ValueError):
        found = json.loads((state_dir / FILE).read_text())
        if isinstance(found, dict):
            return {str(name): int(port) for name, port in found.items()}
    return {}


def choose_ports(state_dir: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A port for each name: last time's while it is free, else a free one; kept for next time."""
    kept = kept_ports(state_dir)
    chosen: dict[str, int] = {}
    probes = []
    for name in names:
        if name in kept and is_free(kept[name]):
            chosen[name] = kept[name]
            continue
        probe = socket.socket()
        probe.bind((LOOPBACK, 0))
        probes.append(probe)
        chosen[name] = probe.getsockname()[1]
    for probe in probes:
        probe.close()
    (state_dir / FILE).write_text(json.dumps({**kept, **chosen}))
    return chosen
