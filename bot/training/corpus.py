"""All that the bot is taught with: examples, rules, stories and texts, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.training.nodes import Item, Place, Unreadable, read_items

DOMAIN = "domain.yml"
DATA = "data"
PROBLEMS, ARTICLES = "data/problems/", "data/faq/"
REPORT_PROBLEM, FAQ = "report_problem", "faq"

INTENT, ACTION, SLOT, OTHER = "intent", "action", "slot", "other"
RULE, STORY = "rule", "story"


@dataclass(frozen=True)
class Example:
    """A sentence and what it teaches: an intent, or `report_problem/<problem>`, `faq/<article>`."""

    text: str
    label: str
    place: Place


@dataclass(frozen=True)
class Step:
    """A step of a rule or story; an intent may name several, of which any will do.

    `detail` are the entities of an intent, or the value of a slot.
    """

    kind: str
    names: tuple[str, ...]
    place: Place
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """A rule or a story: `from_start` holds at the beginning of a conversation only."""

    kind: str
    name: str
    place: Place
    steps: tuple[Step, ...]
    from_start: bool = False
    conditions: tuple[str, ...] = ()
    waits: bool = True

    def __str__(self) -> str:
        return f"the {self.kind} “{self.name}” ({self.place})"


@dataclass(frozen=True)
class Text:
    """Something the bot says, by its name (`utter_…`); `payloads` are what its buttons stand for."""

    name: str
    words: str
    place: Place
    payloads: tuple[tuple[str, Place], ...] = ()


@dataclass
class Corpus:
    """Everything read; `unreadable` are the files that are no YAML, `silent` the slots of which Rasa
    does not look at the value when it decides what to do.
    """

    examples: list[Example] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    names: dict[str, dict[str, Place]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)

    def declared(self, kind: str) -> dict[str, Place]:
        """The names of a section of the domain: intents, actions, slots, entities, forms."""
        return self.names.get(kind, {})

    def words(self, action: str) -> str:
        """What the bot says by an `utter_…`; empty for others."""
        return next((text.words for text in self.texts if text.name == action), "")


def read_corpus(root: Path, texts: dict[str, str] | None = None) -> Corpus:
    """The corpus of the project in `root`; `texts` stand in for files by their relative names."""
    corpus = Corpus()
    for name, text in sorted({**_files(root), **(texts or {})}.items()):
        try:
            _take_in(corpus, name, read_items(text, name))
        except Unreadable as error:
            corpus.unreadable.append(error)
    return corpus


def _files(root: Path) -> dict[str, str]:
    paths: Iterable[Path] = [root / DOMAIN, *(root / DATA).rglob("*.yml")]
    return {it.relative_to(root).as_posix(): it.read_text(encoding="utf-8")
            for it in paths if it.is_file()}  # fmt: skip


def _take_in(corpus: Corpus, name: str, top: Item) -> None:
    stem = Path(name).stem
    if name.startswith(PROBLEMS):
        corpus.examples += _examples(top.get("examples"), f"{REPORT_PROBLEM}/{stem}")
    elif name.startswith(ARTICLES):
        corpus.examples += _examples(top.get("questions"), f"{FAQ}/{stem}")
    else:
        _take_in_rasa(corpus, top)


def _take_in_rasa(corpus: Corpus, top: Item) -> None:
    for block in top.get("nlu").items():
        if block.get("intent"):
            corpus.examples += _examples(block.get("examples"), block.get("intent").text)
    for kind, section in ((RULE, "rules"), (STORY, "stories")):
        corpus.ways += [_way(kind, it) for it in top.get(section).items() if it.get(kind)]
    corpus.texts += [_text(name, value, place)
                     for name, value, place in top.get("responses").pairs()]  # fmt: skip
    corpus.silent |= {name for name, slot, _ in top.get("slots").pairs() if _is_silent(slot)}
    for section in ("intents", "actions", "slots", "entities", "forms"):
        corpus.names.setdefault(section, {}).update(_declared(top.get(section)))


def _is_silent(slot: Item) -> bool:
    return slot.get("type").text == "any" or slot.get("influence_conversation").text == "false"


def _examples(block: Item, label: str) -> list[Example]:
    return [Example(text, label, place) for text, place in block.lines() if text]


def _declared(section: Item) -> Iterator[tuple[str, Place]]:
    for name, _, place in section.pairs():
        yield name, place
    for entry in section.items():
        yield entry.text or next((name for name, _, _ in entry.pairs()), ""), entry.place


def _text(name: str, value: Item, place: Place) -> Text:
    variants = list(value.items())
    payloads = tuple(
        (button.get("payload").text, button.get("payload").place)
        for variant in variants
        for button in variant.get("buttons").items()
        if button.get("payload")
    )
    return Text(name, variants[0].get("text").text if variants else "", place, payloads)


def _way(kind: str, item: Item) -> Way:
    conditions = tuple(sorted(_settings(entry) for entry in item.get("condition").items()))
    return Way(
        kind, item.get(kind).text, item.place, tuple(_steps(item.get("steps"))),
        item.get("conversation_start").text == "true", conditions,
        item.get("wait_for_user_input").text != "false",
    )  # fmt: skip


def _steps(steps: Item) -> Iterator[Step]:
    for entry in steps.items():
        keys = {name: value for name, value, _ in entry.pairs()}
        if "intent" in keys:
            entities = tuple(
                sorted(name for name, _ in _declared(keys.get("entities", Item(None, ""))))
            )
            yield Step(INTENT, (keys["intent"].text,), entry.place, entities)
        elif "or" in keys:
            names = tuple(it.get("intent").text for it in keys["or"].items())
            yield Step(INTENT if all(names) else OTHER, names, entry.place)
        elif "action" in keys:
            yield Step(ACTION, (keys["action"].text,), entry.place)
        elif "slot_was_set" in keys:
            for one in keys["slot_was_set"].items() or ():
                yield Step(SLOT, (_slot(one),), one.place, (_settings(one),))
        else:
            yield Step(OTHER, tuple(keys), entry.place)


def _slot(item: Item) -> str:
    return item.text or next((name for name, _, _ in item.pairs()), "")


def _settings(item: Item) -> str:
    """A condition as one text, the same however it was written: `slot=value`."""
    if item.text:
        return item.text
    inner = item.get("slot_was_set")
    if inner:
        return "; ".join(sorted(_settings(it) for it in inner.items()))
    return "; ".join(f"{name}={value.text}" for name, value, _ in item.pairs())
