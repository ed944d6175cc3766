"""`firstline data`: the operator content under data/."""

from __future__ import annotations

import click

from bot.content import load_content
from bot.content.follow_up import load_follow_up
from bot.content.mail_texts import load_mail_texts
from bot.content.retention import load_retention
from bot.desk.canned import load_replies
from bot.mail.destinations import load_destinations
from bot.settings import ROOT, load_settings


@click.group()
def data() -> None:
    """Work on the operator content under data/."""


@data.command()
def validate() -> None:
    """Read all operator content and name the first file, key and fix that is wrong."""
    content = load_content(ROOT / "data")
    load_destinations(ROOT / "data" / "destinations.yml", load_settings().case_mailbox)
    load_mail_texts(ROOT / "data" / "mail.yml")
    load_follow_up(ROOT / "data")
    load_retention(ROOT / "data" / "retention.yml")
    load_replies(ROOT / "data" / "canned.yml")
    click.echo(f"Operator content of {content.brand.name} is sound: {len(content.problems)} problems, "
               f"{len(content.articles)} articles, {len(content.steps)} steps")  # fmt: skip
