"""`python -m bot.cli`, which `bin/firstline` runs in the edge environment."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from bot.cli.commands import COMMANDS, CONNECTED, ENGINE_COMMANDS
from bot.errors import FirstlineError


class Commands(click.Group):
    """Loads a command's module only when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, as they stand in the table."""
        return [*COMMANDS, *ENGINE_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself; None when there is none of that name."""
        if cmd_name in CONNECTED:
            _know_private_servers()
        if cmd_name in ENGINE_COMMANDS:
            from bot.cli.engine import engine_command

            return engine_command(cmd_name)
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, click.Command):
            raise TypeError(f"{module}:{attribute} is not a command")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, text) for name, (_, text) in {**COMMANDS, **ENGINE_COMMANDS}.items()]
            )


def _know_private_servers() -> None:
    from bot.settings import load_settings
    from bot.supervisor.ports import kept_ports
    from bot.supervisor.private import with_private

    settings = load_settings()
    if kept_ports(settings.state_dir):
        os.environ.update(with_private(settings).environment())


@click.command(cls=Commands)
@click.version_option(package_name=None, version="0.1.0", prog_name="firstline")
def firstline() -> None:
    """A first-line support desk: what a customer says becomes a complete case."""


def main() -> None:
    """Run the command line; errors raised on purpose are one line and exit code 1."""
    try:
        firstline(prog_name="firstline")
    except FirstlineError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
