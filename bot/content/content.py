"""All operator content as one value, read from `data/` and checked for dangling names."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bot.content.account_number import AccountNumberFormat
from bot.content.files import read_file, read_folder
from bot.content.handoff import Handoff
from bot.content.hours import Hours, check_hours
from bot.content.records import (
    Article,
    Brand,
    CaseField,
    Category,
    Devices,
    Incident,
    KnownError,
    Places,
    Problem,
    ResponseTime,
    Step,
)
from bot.content.told import Told, read_told
from bot.errors import ContentError


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an operator can change without code; maps are by the name of file or entry."""

    brand: Brand
    hours: Hours
    response_times: dict[Category, ResponseTime]
    account_number: AccountNumberFormat
    fields: dict[str, CaseField]
    problems: dict[str, Problem]
    articles: dict[str, Article]
    devices: dict[str, Devices]
    steps: dict[str, Step]
    told: list[Told]
    errors: list[KnownError]
    places: Places
    incidents: list[Incident]
    handoff: Handoff


def load_content(folder: Path) -> Content:
    """Reads and checks the content under `folder` (the project's `data/`).

    Takes tenths of a second: call it once and keep the result. Raises `ContentError`, naming
    file, key and fix.
    """
    steps = read_file(folder / "steps.yml", dict[str, Step])
    content = Content(
        brand=read_file(folder / "brand.yml", Brand),
        hours=read_file(folder / "hours.yml", Hours),
        response_times=read_file(folder / "response_times.yml", dict[Category, ResponseTime]),
        account_number=read_file(folder / "account_number.yml", AccountNumberFormat),
        fields=read_file(folder / "fields.yml", dict[str, CaseField]),
        problems=read_folder(folder / "problems", Problem),
        articles=read_folder(folder / "faq", Article),
        devices=read_folder(folder / "devices", Devices),
        steps=steps,
        told=read_told(folder / "tried", steps),
        errors=read_file(folder / "errors.yml", list[KnownError]),
        places=read_file(folder / "places.yml", Places),
        incidents=read_file(folder / "incidents.yml", list[Incident]),
        handoff=read_file(folder / "handoff.yml", Handoff),
    )
    check_hours(content.hours, str(folder / "hours.yml"))
    _check_names(content, folder)
    return content


def _check_names(content: Content, folder: Path) -> None:
    for name, problem in content.problems.items():
        for suggestion in problem.suggestions:
            if suggestion.step not in content.steps:
                raise ContentError(
                    f"{folder / 'problems' / name}.yml: suggestions: no step is called "
                    f"{suggestion.step!r}. Add it to steps.yml or use one that is there"
                )
    for name, article in content.articles.items():
        for other in article.next:
            if other not in content.articles:
                raise ContentError(
                    f"{folder / 'faq' / name}.yml: next: no article is called {other!r}. "
                    "Use the name of a file in data/faq, without .yml"
                )
    for trigger in content.handoff.triggers:
        for problem_name in trigger.problems:
            if problem_name not in content.problems:
                raise ContentError(
                    f"{folder / 'handoff.yml'}: {trigger.name}: no problem is called "
                    f"{problem_name!r}. Use the name of a file in data/problems, without .yml"
                )
    for incident in content.incidents:
        for problem_name in incident.problems:
            if problem_name not in content.problems:
                raise ContentError(
                    f"{folder / 'incidents.yml'}: {incident.name}: no problem is called "
                    f"{problem_name!r}. Use the name of a file in data/problems, without .yml"
                )
