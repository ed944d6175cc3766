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
    """A command with the words that announce it."""

    title: str
    command: Sequence[str | Path]
    folder: Path = ROOT
    environment: Mapping[str, str] | None = None


def run_steps(steps: Sequence[Step]) -> list[str]:
    """Run all steps, also after one has failed; returns the titles of those that failed."""
    failed = []
    for number, step in enumerate(steps, start=1):
        click.secho(f"[{number}/{len(steps)}] {step.title}", bold=True)
        began = time.monotonic()
        words = [str(word) for word in step.command]
        code = subprocess.run(words, cwd=step.folder, env=step.environment, check=False).returncode
        if code != 0:
            failed.append(step.title)
            click.secho(f"      failed (exit code {code}): {' '.join(words)}", fg="red", err=True)
        else:
            click.echo(f"      {time.monotonic() - began:.1f} s")
    return failed
