"""The locked environments: one folder under .venv/ each, changed only when its lock changes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from bot.setup.places import LOCK_COPY, ROOT, VENVS, is_current, lock_of, venv
from bot.setup.pythons import find_python, version_of
from bot.setup.terminal import Trouble, run, say

MEGABYTE = 1 << 20
# Free disk wanted before an installation, in megabytes; what it takes and as much again, cached.
ROOM: dict[str, int] = {
    "bootstrap": 150,
    "edge": 700,
    "engine": 2000,
    "redis": 50,
    "node": 500,
    "stock": 5000,
}
NETWORK = "If the package index cannot be reached, check the network and run this again"


def ensure_environment(name: str) -> Path:
    """The environment `name`, installed or brought up to date with its lock when it is not.

    Raises `Trouble` when no interpreter, no disk or no package index can be had.
    """
    folder = venv(name)
    python = folder / "bin" / "python"
    if is_current(name) and version_of(python):
        return folder
    require_own(folder, lock_of(name))
    uv = ensure_uv()
    _check_room(name)
    if not version_of(python):
        chosen = find_python(name, uv)
        say(f"Making the {name} environment with Python {version_of(chosen)} ({chosen})")
        run(
            [uv, "venv", "--quiet", "--clear", "--no-project", "--python", chosen, folder], cwd=ROOT
        )
    say(f"Installing what {_shown(lock_of(name))} lists into {_shown(folder)} …")
    (folder / LOCK_COPY).unlink() if (folder / LOCK_COPY).exists() else None
    run([uv, "pip", "sync", "--require-hashes", "--python", python, lock_of(name)],
        cwd=ROOT, remedy=NETWORK)  # fmt: skip
    shutil.copyfile(lock_of(name), folder / LOCK_COPY)
    return folder


def ensure_uv() -> Path:
    """The installer, itself installed by pip into a folder of its own."""
    folder = venv("bootstrap")
    uv = folder / "bin" / "uv"
    if is_current("bootstrap") and uv.exists():
        return uv
    require_own(folder, lock_of("bootstrap"))
    _check_room("bootstrap")
    say("Installing uv, the installer, by pip …")
    shutil.rmtree(folder, ignore_errors=True)
    # --target needs no venv module and is allowed where the system's Python is managed by apt.
    run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "--only-binary", ":all:", "--target", folder,
         "--requirement", lock_of("bootstrap")], cwd=ROOT, remedy=NETWORK)  # fmt: skip
    shutil.copyfile(lock_of("bootstrap"), folder / LOCK_COPY)
    return uv


def require_own(folder: Path, lock: Path) -> None:
    """See that `folder`, which is to become what `lock` lists, is this checkout's own. Raises `Trouble`.

    A checkout may use what another has installed, through a link, but never change it.
    """
    link = next((it for it in (folder, folder.parent) if it.is_symlink()), None)
    if link:
        raise Trouble(f"{link} is a link to {link.resolve()}, where something else is installed "
                      f"than {_shown(lock)} lists. Remove the link and run this again")  # fmt: skip


def _check_room(name: str) -> None:
    VENVS.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(VENVS).free // MEGABYTE
    if free < ROOM[name]:
        raise Trouble(f"{free} MB free on the disk of {VENVS}, {ROOM[name]} MB needed for the "
                      f"{name} environment. Make room and run this again")  # fmt: skip


def _shown(path: Path) -> str:
    return os.path.relpath(path, ROOT)
