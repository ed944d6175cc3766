"""New things that the bot is to know: an article, a problem, or an intent with its answer and rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import ContentError
from bot.training.corpus import DATA, DOMAIN, read_corpus
from bot.training.files import Workspace, as_block, edited
from bot.training.nodes import read_items

# After the answer, the open question is asked again.
GO_ON = "action_continue_case"
NAME = re.compile(r"[a-z][a-z0-9_]{1,59}")


def checked_name(name: str) -> str:
    """`name`, when a file can be called so. Raises `ContentError`."""
    if not NAME.fullmatch(name):
        raise ContentError(f"“{name}” is no name: small letters, digits and _, a letter first")
    return name


def record(fields: Mapping[str, Any]) -> str:
    """The file of an article or a problem with these parts, in their order."""
    if not fields:
        return ""

    def fill(content: Any) -> None:
        content.fa.set_block_style()
        content.update(fields)

    return edited("{}\n", "new", fill)


def new_intent(workspace: Workspace, name: str, examples: list[str], answer: str) -> dict[str, str]:
    """The two files that make an intent, as they will be: its own, and the domain.

    Without an `answer` there is no rule, and the check will say so. Raises `ContentError` when
    something is called so already.
    """
    text, file = f"utter_{checked_name(name)}", f"{DATA}/{name}.yml"
    corpus = read_corpus(workspace.root, workspace.set_aside())
    if workspace.read(file) or any(it.name == text for it in corpus.texts):
        raise ContentError(f"Something is called “{name}” already. Give it another name")
    return {file: _file(name, text, examples, answer), DOMAIN: _declared(workspace, name)}


def _file(name: str, text: str, examples: list[str], answer: str) -> str:
    def fill(content: Any) -> None:
        content["nlu"] = [{"intent": name, "examples": as_block(examples)}]
        if answer:
            steps = [{"intent": name}, {"action": text}, {"action": GO_ON}]
            rule = name.replace("_", " ").capitalize()
            content["rules"] = [{"rule": rule, "steps": steps}]
            content["responses"] = {text: [{"text": answer}]}

    return edited('version: "3.1"\n', name, fill)


def _declared(workspace: Workspace, name: str) -> str:
    """The domain with one line more, after the last intent; the rest stays as it was written."""
    domain = workspace.read(DOMAIN)
    *_, (_, last) = read_items(domain, DOMAIN).get("intents").lines()
    lines = domain.splitlines(keepends=True)
    lines.insert(last.line, f"{lines[last.line - 1].partition('-')[0]}- {name}\n")
    return "".join(lines)
