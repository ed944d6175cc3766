"""Devices in a message: models of the catalogue, brands alone, and models we have never heard of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.content.records import Devices
from bot.nlu.corrections import MARKER
from bot.nlu.device_names import aliases, full_name, model_name, short_names, unknown_name
from bot.nlu.found import Found
from bot.nlu.no_device import AMOUNT, GLUED, HUB, is_article, no_device
from bot.nlu.spelling import misspellings, spoken
from bot.nlu.whose_device import own

DEVICE = "device"
MODEL_CONFIDENCE = 0.95
UNKNOWN_CONFIDENCE = 0.75
BRAND_CONFIDENCE = 0.6
# A name that is nearly one of the catalogue is asked about ("Did you mean …?").
NEARLY_CONFIDENCE = 0.55
NEARLY = 0.84
LONGEST_NEARLY = 5
# Shorter brands have no plural that could not be another word.
FEWEST_LETTERS = 6

_SUFFIX = r"(?:pro|max|plus|ultra|mini|lite|fe|neo|edge|air|fusion|xl|se|\+)"
_UNKNOWN_MODEL = re.compile(
    rf"(?:\s+(?:galaxy|tab|note|edge|redmi|moto|phone|xperia|find|reno|nord|z flip|z fold|blade|archer|smart hub|linkhub|camon|spark|hot|pova|phantom|armor|desire|core|vigor|forerunner|deco|nighthawk|mate|nova|pura|axon|zenfone|rog phone|[a-z]))?"
    rf"\s*-?(?P<model>[a-z]{{0,3}}-?(?!\d+(?:st|nd|rd|th)\b)\d{{1,4}}[a-z]{{0,2}})(?:\s+{_SUFFIX}\b)*(?![\w@]|\s*%|[.,]\d)",
    re.IGNORECASE,
)
# A model's number behind a name that has none: "Tecno Spark" and "20 Pro".
_NUMBER = re.compile(rf"[\s-]+(?P<model>[a-z]{{0,3}}-?(?!\d+(?:st|nd|rd|th)\b)\d{{1,4}}[a-z]{{0,2}})(?:\s+{_SUFFIX}\b)*(?![\w@]|\s*%|[.,]\d)", re.IGNORECASE)  # fmt: skip
# The model before its maker: "13 mini iPhone".
_AHEAD = re.compile(
    rf"(?<![\w.])(?P<model>[a-z]?\d{{1,2}}[a-z]?(?: pro max| {_SUFFIX})?) \Z", re.IGNORECASE
)
_TABLET = re.compile(r"\s+tab(?:let)?\b", re.IGNORECASE)
_CORRECTED_MODEL = re.compile(
    rf"(?:\s+{_SUFFIX}(?!\w))?[\s,.(\-–—*]*(?:(?:no\W+)?{MARKER}\b(?:\W+(?:no|sorry)\b)*|not (?:(?:the|an?) )?\w+\b(?=[\s,.]+(?:it'?s|but|the)\b))[\s,.:]*(?:(?:i mean(?:t)?|it'?s|its|the|an?|that'?s|is|normal|ordinary|regular|standard|plain|basic|just)\s+)*"
    rf"(?P<model>[a-z]{{0,2}}\s?\d{{1,3}}[a-z]?(?:\s+{_SUFFIX})*)(?![\w@])",
    re.IGNORECASE,
)
# "from an iPhone 11 to a 16": the second is the one in use.
_CHANGED_FOR = re.compile(
    rf"\s+(?:to|for|onto)\s+(?:(?:an?|the|my|new)\s+)*(?P<model>[a-z]?\d{{1,2}}[a-z]?(?:\s+{_SUFFIX})*)(?![\w@%.])",
    re.IGNORECASE,
)
# "iPhone pro max 16": the number stands last.
_NUMBER_LAST = re.compile(
    r"\s+(?P<kind>pro max|pro|plus|mini|max)\s+(?P<number>1\d)\b", re.IGNORECASE
)
# "S 23 u" is the Ultra.
_ULTRA = re.compile(r"\s?u\b(?!['’.])", re.IGNORECASE)
# "I've an iPhone … my 14 has no signal".
_BY_NUMBER = re.compile(rf"\b(?:my|it'?s an?|it'?s the|its an?|its the)\s+(?P<model>1[1-9]e?(?: pro max| {_SUFFIX})?)(?=\W*\Z|[.,;!?]|\s+(?:has|is|isn|won|wont|can|cant|keeps|says|shows|just|does|doesn|stopped|and|but|with|since)\b)", re.IGNORECASE)  # fmt: skip
_LEAD = re.compile(
    r"\A\W*(?:(?:it'?s|it is|its|i have|i'?ve got|mine is|my phone is|on|an?|the|my)\s+)*",
    re.IGNORECASE,
)
# A catalogue never has every variant: what makers append to a model's name goes with it.
_VARIANT = re.compile(r"\s(?P<word>pro|ultra|lite|fe|neo|fusion|max|xl|mini|nxtpaper|active|stylus|play|classic|plus|air)(?P<more> plus| max|\+)?(?!\w)(?!\s*(?:\d(?!g)|speed|plan|store|app))", re.IGNORECASE)  # fmt: skip
# Words that are brands beside a model only.
_ALSO_WORDS = frozenset("cat sky virgin bt google amazon microsoft three ee vodafone".split())
_SIM, _ROUTER = "sim", "router"


class DeviceFinder:
    """Finds devices; built once from the catalogue, used for every message."""

    def __init__(self, language: Language, catalogue: Mapping[str, Devices]) -> None:
        self._language = language
        self._names: dict[str, str] = {}
        self._families: dict[str, list[str]] = {}
        self._generic: dict[str, str] = {}
        self._sims: set[str] = set()
        self._routers: set[str] = set()
        for devices in catalogue.values():
            self._learn(devices)
        # "Xiaomi 13" is that model before it is short for "Xiaomi Redmi 13".
        for devices in catalogue.values():
            for model in devices.models:
                for alias in short_names(devices, model.name):
                    self._names.setdefault(self._key(alias), full_name(devices, model.name))
        for name, value in list(self._names.items()):
            for variant in spoken(name):
                self._names.setdefault(variant, value)
        brands = {word for name in self._generic for word in name.split()}
        self._misspelt = misspellings(brands)
        for brand in brands:
            if brand.isalpha() and len(brand) >= FEWEST_LETTERS and not brand.endswith("s"):
                self._misspelt.setdefault(brand + "s", brand)
        self._by_digits: dict[tuple[str, ...], list[str]] = {}
        for name in self._names:
            self._by_digits.setdefault(_digits(name), []).append(name)
        self._matcher = PhraseMatcher(language.vocab, attr="NORM")
        self._matcher.add("model", [language.make_doc(name) for name in self._names])
        self._matcher.add("brand", [language.make_doc(name) for name in self._generic])

    def find(self, doc: Doc) -> list[Found]:
        """The customer's own devices, unless only others' are named; SIM kinds never."""
        for token in doc:
            right = self._misspelt.get(token.lower_)
            if right:
                token.norm_ = right
        found = list(self._all(doc))
        kept = own(doc.text, found)
        sure = [item for item in kept if item.confidence > BRAND_CONFIDENCE]
        if not sure and len(kept) == 1:
            sure = self._by_number(doc.text, kept[0])
        # "my Alcatel mifi": of two kinds in a row the second says what it is.
        row = len(kept) > 1 and kept[0].end + 1 == kept[1].start
        return sure or self._nearly(doc) or kept[row : row + 1]

    def _by_number(self, text: str, brand: Found) -> list[Found]:
        """The model that a number alone names elsewhere, of a maker whose name stands without one."""
        match = _BY_NUMBER.search(text)
        known = match and self._names.get(self._key(f"{brand.verbatim} {match.group('model')}"))
        if not match or not known:
            return []
        return [Found(DEVICE, *match.span("model"), known, match.group("model"), MODEL_CONFIDENCE)]

    def _nearly(self, doc: Doc) -> list[Found]:
        """The model that a short message misspells; its numbers must be right."""
        said = _LEAD.sub("", doc.text).strip(" .!?")
        digits = _digits(said)
        if not digits or len(said.split()) > LONGEST_NEARLY:
            return []
        key = self._key(said)
        best = get_close_matches(key, self._by_digits.get(digits, ()), n=1, cutoff=NEARLY)
        if not best:
            return []
        start = doc.text.index(said)
        value = self._names[best[0]]
        return [Found(DEVICE, start, start + len(said), value, said, NEARLY_CONFIDENCE)]

    def is_router(self, value: str) -> bool:
        """Whether a value that was found is a router of the catalogue."""
        return value.startswith(tuple(self._routers))

    def sim_kind(self, doc: Doc) -> Found | None:
        """The kind of SIM that a bare answer names."""
        for item in self._matches(doc):
            if item.text.lower() in self._sims:
                value = self._names[_key(item)]
                return Found(
                    DEVICE, item.start_char, item.end_char, value, item.text, BRAND_CONFIDENCE
                )
        return None

    def _learn(self, devices: Devices) -> None:
        for model in devices.models:
            name = model.name
            value = full_name(devices, name)
            if not devices.brand and devices.kind != _SIM and " " not in name:
                self._generic.setdefault(self._key(name), f"{name} {devices.kind}")
                if devices.kind == _ROUTER:
                    self._routers.add(name)
                continue
            if devices.kind == _ROUTER:
                self._routers |= {value, devices.generic or value}
            for alias in aliases(devices, name, model.aliases):
                self._names.setdefault(self._key(alias), value)
                if " plus" in alias:
                    self._names.setdefault(self._key(alias.replace(" plus", "+")), value)
                if "+" in alias:
                    self._names.setdefault(self._key(alias.replace("+", " plus")), value)
                if devices.kind == _SIM:
                    self._sims.add(alias.lower())
            if not devices.brand and devices.kind != _SIM:
                brand = name.split()[0]
                if brand.lower() not in _ALSO_WORDS:
                    self._generic.setdefault(self._key(brand), f"{brand} {devices.kind}")
        if devices.generic:
            for alias in devices.brand_aliases:
                if (len(alias) > 3 or alias == HUB) and alias not in ("honour",):
                    self._generic.setdefault(self._key(alias), devices.generic)
        self._families[devices.brand or devices.kind] = [
            self._key(a) for a in devices.brand_aliases
        ]

    def _key(self, phrase: str) -> str:
        return " ".join(
            token.norm_ for token in self._language.make_doc(phrase) if not token.is_space
        )

    def _all(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        end = -1
        for span in self._matches(doc):
            if span.text.lower() in self._sims or no_device(text, span):
                continue
            key = _key(span)
            # "Umidigi A13" is no Galaxy: a maker named before a bare model is its maker.
            behind_maker = (
                span.start == end and key in self._names and span[0].norm_ not in self._generic
            )
            end = -1 if key in self._names else span.end
            if behind_maker:
                continue
            if key in self._names:
                yield from self._known(doc, span, self._names[key])
            else:
                yield from self._branded(doc, span, self._generic[key])

    def _matches(self, doc: Doc) -> Sequence[Span]:
        matches = self._matcher(doc, as_spans=True)
        spans: Sequence[Span] = filter_spans(
            [span for span in matches if not is_article(doc.text, span)]
        )
        return spans

    def _known(self, doc: Doc, span: Span, value: str) -> Iterator[Found]:
        text = doc.text
        correction = _CORRECTED_MODEL.match(text[span.end_char : span.end_char + 60])
        if correction:
            better = self._relative(span, correction.group("model"))
            if better:
                end = span.end_char + correction.end("model")
                said = text[span.start_char : end]
                yield Found(DEVICE, span.start_char, end, better, said, 0.85, {"correction": True})
                return
        changed = _CHANGED_FOR.match(text, span.end_char)
        newer = self._relative(span, changed.group("model")) if changed else None
        if changed and newer:
            said = text[span.start_char : changed.end("model")]
            yield Found(
                DEVICE, span.start_char, changed.end("model"), newer, said, MODEL_CONFIDENCE
            )
            return
        end, value = self._completed(text, span, value)
        said = text[span.start_char : end]
        yield Found(DEVICE, span.start_char, end, value, said, MODEL_CONFIDENCE)

    def _completed(self, text: str, span: Span, value: str) -> tuple[int, str]:
        """Where a known name ends and its value, with what the catalogue's name leaves out."""
        end = span.end_char
        glued = (
            GLUED.match(text, end)
            if not re.match(r"s\b", text[end : end + 2]) and text[end - 1].isdigit()
            else None
        )
        if glued:
            letters = glued.group("letters").lower()
            ultra = f"{value} Ultra" if letters == "u" else ""
            return glued.end(), ultra if ultra in self._names.values() else value + letters
        tablet = self._as_tablet(text, end, value)
        if tablet:
            return tablet
        spelt = _ULTRA.match(text, end)
        if spelt and f"{value} Ultra" in self._names.values():
            return spelt.end(), f"{value} Ultra"
        number = None if re.search(r"\d|[)]", value) else _NUMBER.match(text, end)
        chip = (
            value.startswith("Apple") and number and number.group("model").lower().startswith("m")
        )
        if number and not chip and not AMOUNT.match(text, number.end()):
            return number.end(), f"{value} {model_name(number.group())}"
        variant = _VARIANT.match(text, end) if text[end - 1 : end].isalnum() else None
        if variant and not value.lower().endswith(variant.group("word").lower()):
            more = (variant.group("more") or "").replace(" plus", "+")
            word = model_name(variant.group("word"))
            if word == "Plus" and value.startswith("Samsung"):
                return variant.end(), f"{value}+"
            return variant.end(), f"{value} {word}{more.title()}"
        return end, value

    def _behind_model(self, text: str, span: Span, generic: str) -> Found:
        """A maker without a model behind it: the model may stand before, as in "13 mini iPhone"."""
        end = span.end_char
        model = _AHEAD.search(text, max(0, span.start_char - 20), span.start_char)
        known = model and self._names.get(self._key(f"{span.text} {model.group('model')}"))
        if not model or not known:
            return Found(DEVICE, span.start_char, end, generic, span.text, BRAND_CONFIDENCE)
        start = model.start("model")
        return Found(DEVICE, start, end, known, text[start:end], MODEL_CONFIDENCE)

    def _listed(self, text: str, brand: str, model: str) -> str | None:
        """The catalogue's name; "Lenovo P11" is the Lenovo Tab P11 where a tablet is spoken of."""
        tablet = re.search("tablet", text, re.IGNORECASE)
        as_tablet = self._names.get(self._key(f"{brand} tab {model}")) if tablet else None
        return self._names.get(self._key(f"{brand} {model}")) or as_tablet

    def _as_tablet(self, text: str, end: int, value: str) -> tuple[int, str] | None:
        """ "Galaxy A9 tablet" is the Galaxy Tab A9."""
        tablet = _TABLET.match(text, end)
        known = self._names.get(self._key(value.replace("Galaxy", "Galaxy Tab")))
        return (tablet.end(), known) if tablet and known else None

    def _relative(self, span: Span, model: str) -> str | None:
        """The model that "sorry 14" means after "iPhone 13": the same words with another number."""
        words = [token.lower_ for token in span]
        for place, word in enumerate(words):
            if any(character.isdigit() for character in word):
                for head in (words[:place], words[: place - 1] if place else []):
                    found = self._names.get(self._key(" ".join(head) + " " + model))
                    if found:
                        return found
        return self._names.get(self._key(model))

    def _branded(self, doc: Doc, span: Span, generic: str) -> Iterator[Found]:
        text = doc.text
        last = _NUMBER_LAST.match(text, span.end_char)
        turned = last and self._names.get(self._key(f"{span.text} {last['number']} {last['kind']}"))
        if last and turned:
            said = text[span.start_char : last.end()]
            yield Found(DEVICE, span.start_char, last.end(), turned, said, MODEL_CONFIDENCE)
            return
        match = _UNKNOWN_MODEL.match(text, span.end_char)
        if not match or AMOUNT.match(text, match.end()):
            yield self._behind_model(text, span, generic)
            return
        value = self._listed(text, span.text, match.group().strip(" -"))
        value = value or unknown_name(generic, span.text, match.group())
        end, value = self._as_tablet(text, match.end(), value) or (match.end(), value)
        said = text[span.start_char : end]
        yield Found(DEVICE, span.start_char, end, value, said, UNKNOWN_CONFIDENCE)


def _digits(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", text))


def _key(span: Span) -> str:
    return " ".join(token.norm_ for token in span if not token.is_space)
