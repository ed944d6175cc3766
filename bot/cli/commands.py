"""Every command there is: where it lives, and the line about it that `--help` shows."""

from __future__ import annotations

# Commands that run in the engine environment: its Python, this module, all arguments passed on.
ENGINE_COMMANDS: dict[str, tuple[str, str]] = {
    "train": (
        "bot.engine.train",
        "Train the model, if none fits the data; inbox, label, check, compare, promote, …",
    ),
    "understand": ("bot.engine.understand", "Print what the bot understands in each line read."),
    "eval": ("bot.eval", "Report the quality of the understanding."),
    "rasa": ("bot.engine.rasa", "Rasa's own command line, for trainers: shell, interactive, test."),
}

# Of these, the ones that need a trained model; it is trained first when none fits.
MODEL_COMMANDS = {"understand", "eval"}

# Commands that run here: where the click command is.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("bot.cli.up:up", "Start everything on this machine, in the foreground."),
    "doctor": ("bot.cli.doctor:doctor", "Check all that Firstline needs, and say how to mend it."),
    "settings": ("bot.cli.settings:settings", "Print the settings, secrets hidden."),
    "outbox": ("bot.mail.cli:outbox", "Look at mail that waits or failed; send it again."),
    "staff": ("bot.staff.cli:staff", "Accounts of those who work with Firstline."),
    "mail": ("bot.mail.inbound.cli:mail", "Take in mail that a mail server hands over."),
    "privacy": ("bot.privacy.cli:privacy", "Give out or erase what is kept of a customer."),
    "retention": ("bot.privacy.cli:run_retention", "Erase what is too old; done every night."),
    "data": ("bot.cli.data:data", "Work on the operator content under data/."),
    "check": ("bot.cli.check:check", "Format, lint, types and data: all that tests do not run."),
    "test": ("bot.cli.test:test", "Run every test, each in its environment."),
    "bench": ("bot.cli.bench:bench", "Measure side by side with stock Rasa."),
}

# Commands that talk to the servers of a running stack, the private ones included.
CONNECTED = {"outbox", "privacy", "retention", "staff", "train"}
