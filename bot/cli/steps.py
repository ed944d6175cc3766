"""Steps of a check, run one after the other: each announced, the failed ones named at the end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.settings import ROOT


@dataclass(frozen=True)
class Step:
    """A command with the words that announce it; a `quiet` one is heard only when it fails."""

    title: str
    command: Sequence[str | Path]
    folder: Path = ROOT
    environment: Mapping[str, str] | None = None
    quiet: bool = False


def run_steps(steps: Sequence[Step]) -> list[str]:
    """Run all steps, also after one has failed; returns the titles of those that failed."""
    failed = []
    for number, step in enumerate(steps, start=1):
        click.secho(f"[{number}/{len(steps)}] {step.title}", bold=True)
        began = time.monotonic()
        code = _run(step)
        if code != 0:
            failed.append(step.title)
            words = " ".join(str(word) for word in step.command)
            click.secho(f"      failed (exit code {code}): {words}", fg="red", err=True)
        else:
            click.echo(f"      {time.monotonic() - began:.1f} s")
    return failed


def _run(step: Step) -> int:
    done = subprocess.run(
        [str(word) for word in step.command],
        cwd=step.folder,
        env=step.environment,
        stdout=subprocess.PIPE if step.quiet else None,
        stderr=subprocess.STDOUT if step.quiet else None,
        check=False,
    )
    if step.quiet and done.returncode != 0:
        click.echo(done.stdout.decode("utf-8", "replace"))
    return done.returncode
