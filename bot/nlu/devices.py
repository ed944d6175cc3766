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
from bot.nlu.found import Found
from bot.nlu.spelling import misspellings, spoken

DEVICE = "device"
MODEL_CONFIDENCE = 0.95
UNKNOWN_CONFIDENCE = 0.75
BRAND_CONFIDENCE = 0.6
# A name that is nearly one of the catalogue is asked about ("Did you mean …?").
NEARLY_CONFIDENCE = 0.55
NEARLY = 0.84
LONGEST_NEARLY = 5

_SUFFIX = r"(?:pro|max|plus|ultra|mini|lite|fe|neo|edge|air|fusion|xl|se|\+)"
_UNKNOWN_MODEL = re.compile(
    rf"(?:\s+(?:galaxy|tab|note|edge|redmi|moto|phone|xperia|find|reno|nord|z flip|z fold|blade|archer|smart hub|[a-z]))?"
    rf"\s*-?(?P<model>[a-z]{{0,3}}-?\d{{1,4}}[a-z]{{0,2}})(?:\s+{_SUFFIX}\b)*(?![\w@]|\s*%|[.,]\d)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\s*(?:days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|times|gb|mb|quid|pounds|percent|people|of (?:them|us|my))\b", re.IGNORECASE)  # fmt: skip
_CORRECTED_MODEL = re.compile(
    rf"[\s,.(\-–—*]*(?:no\W+)?{MARKER}\b[\s,.:]*(?:(?:i mean(?:t)?|it'?s|its|the|an?|that'?s|is)\s+)*"
    rf"(?P<model>[a-z]{{0,2}}\s?\d{{1,3}}[a-z]?(?:\s+{_SUFFIX})*)(?![\w@])",
    re.IGNORECASE,
)
_POST_CODE = re.compile(r"\s?\d[a-z]{2}\b", re.IGNORECASE)
_ROAD = re.compile(
    r"\b(?:on|off|along|near|by|of|down|up|past|via|and|from|using) the \Z", re.IGNORECASE
)
_ROAD_AFTER = re.compile(r"\s+(?:between|northbound|southbound|eastbound|westbound|towards|near|past|junction|road|slip|motorway)\b", re.IGNORECASE)  # fmt: skip
_NO_PHONE = re.compile(r"\s+(?:buds|earbuds|tv|telly|fridge|washing|soundbar|monitor|store|shop|account|members|pay|wallet|website|smart ?tv|care)\b", re.IGNORECASE)  # fmt: skip
# Somebody else's device, or one that served for a test, counts only when no other is named.
_OTHERS = re.compile(
    r"(?:\b(?:old|previous|other|another|spare|second|different|his|her|their|friend'?s?|wife'?s?|husband'?s?|partner'?s?|mum'?s?|mom'?s?|dad'?s?|"
    r"son'?s?|daughter'?s?|brother'?s?|sister'?s?|colleague'?s?|mate'?s?|girlfriend'?s?|boyfriend'?s?|from (?:an?|my|the))|\bused to have an?|\btraded in (?:my|an?))"
    r"\s+(?:\w+\s+)?\Z",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"\b(?:in|into|with|on|using|to)\s+(?:(?:my|our|his|her|their|the|an?|some|one|of|your|me|it|sim|as|well|each|both)\s+){0,3}(?:old|other|another|spare|different|wife'?s?|husband'?s?|partner'?s?|mum'?s?|dad'?s?|son'?s?|daughter'?s?|friend'?s?|brother'?s?|sister'?s?|colleague'?s?|mate'?s?|girlfriend'?s?|boyfriend'?s?)\s+(?:\w+\s+)?\Z",
    re.IGNORECASE,
)
_FINE = re.compile(r"\s*(?:\w+\s+){0,3}(?:works?|worked|is|was|working|has|gets|connects)\s+(?:absolutely |perfectly |totally |just |all |full )*(?:fine|ok|okay|perfect|well|normally|great|good|signal|internet)\b", re.IGNORECASE)  # fmt: skip
_LEAD = re.compile(
    r"\A\W*(?:(?:it'?s|it is|its|i have|i'?ve got|mine is|my phone is|on|an?|the|my)\s+)*",
    re.IGNORECASE,
)
# "I'm on an old Nokia": old, and their own all the same.
_OWN = re.compile(r"\b(?:i'?m|i am|we'?re|i use|i have|i'?ve got|still|it'?s|its|it is|have|got|using)\s+(?:on |using |stuck (?:on|with) )?(?:an?|my|this|the) (?:very |really )?(?:old|ancient|spare|second[ -]?hand)\s+(?:\w+\s+)?\Z", re.IGNORECASE)  # fmt: skip
# A catalogue never has every variant: what makers append to a model's name goes with it.
_VARIANT = re.compile(r"\s?(?P<word>pro|ultra|lite|fe|neo|fusion|max|xl|mini|nxtpaper|active|stylus|play)\b(?!\s*(?:\d|speed|plan|store|app))", re.IGNORECASE)  # fmt: skip
_OF_THEIRS = re.compile(r"\b(?:the|my|our|your|this|that|an?|white|black|grey|new|old|home|broadband|wi-?fi|indoor|outdoor)\s+\Z", re.IGNORECASE)  # fmt: skip
# Words that are brands beside a model only.
_ALSO_WORDS = frozenset("cat sky virgin bt google amazon microsoft".split())
_HUB = "hub"
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
                for alias in _short_names(devices, model.name):
                    self._names.setdefault(self._key(alias), _full_name(devices, model.name))
        for name, value in list(self._names.items()):
            for variant in spoken(name):
                self._names.setdefault(variant, value)
        brands = {word for name in self._generic for word in name.split()}
        self._misspelt = misspellings(brands)
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
        text = doc.text
        own = [item for item in found if not _other(text, item)]
        kept = own or [
            item
            for item in found
            if not _TEST.search(_before(text, item)) or _OWN.search(_before(text, item))
        ]
        sure = [item for item in kept if item.confidence > BRAND_CONFIDENCE]
        return sure or self._nearly(doc) or kept[:1]

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
        return value in self._routers

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
            value = _full_name(devices, name)
            if devices.kind == _ROUTER:
                self._routers |= {value, devices.generic}
            for alias in _aliases(devices, name, model.aliases):
                self._names.setdefault(self._key(alias), value)
                if " plus" in alias:
                    self._names.setdefault(self._key(alias.replace(" plus", "+")), value)
                if devices.kind == _SIM:
                    self._sims.add(alias.lower())
            if not devices.brand and devices.kind != _SIM:
                brand = name.split()[0]
                if brand.lower() not in _ALSO_WORDS:
                    self._generic.setdefault(self._key(brand), f"{brand} {devices.kind}")
        if devices.generic:
            for alias in devices.brand_aliases:
                if (len(alias) > 3 or alias == _HUB) and alias not in ("honour",):
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
        for span in self._matches(doc):
            if span.text.lower() in self._sims or _no_device(text, span):
                continue
            key = _key(span)
            if key in self._names:
                yield from self._known(doc, span, self._names[key])
            else:
                yield from self._branded(doc, span, self._generic[key])

    def _matches(self, doc: Doc) -> Sequence[Span]:
        spans: Sequence[Span] = filter_spans(self._matcher(doc, as_spans=True))
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
        end = span.end_char
        variant = _VARIANT.match(text, end) if text[end - 1 : end].isalnum() else None
        if variant and not value.lower().endswith(variant.group("word").lower()):
            word = variant.group("word")
            end = variant.end()
            value += " " + (word.upper() if len(word) == 2 else word.capitalize())
        yield Found(
            DEVICE, span.start_char, end, value, text[span.start_char : end], MODEL_CONFIDENCE
        )

    def _relative(self, span: Span, model: str) -> str | None:
        """The model that "sorry 14" means after "iPhone 13": the same words with another number."""
        words = [token.lower_ for token in span]
        for place, word in enumerate(words):
            if word.isdigit():
                for head in (words[:place], words[: place - 1] if place else []):
                    found = self._names.get(self._key(" ".join(head) + " " + model))
                    if found:
                        return found
        return self._names.get(self._key(model))

    def _branded(self, doc: Doc, span: Span, generic: str) -> Iterator[Found]:
        text = doc.text
        match = _UNKNOWN_MODEL.match(text[span.end_char : span.end_char + 40])
        if match and not _AMOUNT.match(text[span.end_char + match.end() :]):
            said = span.text + match.group()
            value = _unknown_name(generic, span.text, match.group())
            yield Found(
                DEVICE,
                span.start_char,
                span.start_char + len(said),
                value,
                said,
                UNKNOWN_CONFIDENCE,
            )
            return
        yield Found(DEVICE, span.start_char, span.end_char, generic, span.text, BRAND_CONFIDENCE)


def _aliases(devices: Devices, name: str, extra: Sequence[str]) -> Iterator[str]:
    brands = [devices.brand, *devices.brand_aliases]
    for alias in [name, *extra]:
        if devices.bare:
            yield alias
        for brand in filter(None, brands):
            if not alias.lower().startswith(brand.lower()):
                yield f"{brand} {alias}"


def _full_name(devices: Devices, name: str) -> str:
    known = name.lower().startswith(devices.brand.lower())
    return name if known else f"{devices.brand} {name}"


def _short_names(devices: Devices, name: str) -> Iterator[str]:
    """A model's name without its series ("Samsung S23"), or without its maker."""
    brands = [devices.brand, *devices.brand_aliases]
    words = name.split()
    if len(words) > 1:
        rest = " ".join(words[1:])
        for brand in filter(None, brands):
            if any(character.isdigit() for character in rest):
                yield f"{brand} {rest}"
        # A series of its own is known without its maker: "Xperia 10", "Reno 8".
        if not devices.brand and len(words) > 2 and words[1].isalpha() and len(words[1]) > 3:
            yield rest


def _unknown_name(generic: str, brand_said: str, model_said: str) -> str:
    """ "galaxy" and " z99" of the generic "Samsung phone" become "Samsung Galaxy Z99"."""
    brand, _, kind = generic.rpartition(" ")
    model = " ".join(
        word if word[0].isupper() else word[0].upper() + word[1:] for word in model_said.split()
    )
    if kind not in ("phone", "tablet", "router", "watch"):
        return f"{generic} {model}"
    rest = [word.capitalize() for word in brand_said.split() if word.lower() != brand.lower()]
    return " ".join([brand, *rest, model])


def _digits(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", text))


def _key(span: Span) -> str:
    return " ".join(token.norm_ for token in span if not token.is_space)


def _no_device(text: str, span: Span) -> bool:
    after = text[span.end_char : span.end_char + 20]
    before = text[max(0, span.start_char - 20) : span.start_char]
    if span.text.lower() == _HUB and not _OF_THEIRS.search(before):
        return True
    bare = len(span.text) <= 4
    if re.match(r"\d", span.text[-1:]) and _AMOUNT.match(after):
        return True
    plural = re.match(r"s\b", after)
    if after[:1].isalpha() and not plural and not span.text.endswith("+"):
        return True
    if _NO_PHONE.match(after):
        return True
    return bare and bool(
        _POST_CODE.match(after) or _ROAD.search(before) or _ROAD_AFTER.match(after)
    )


def _before(text: str, item: Found) -> str:
    return text[max(0, item.start - 60) : item.start]


def _other(text: str, item: Found) -> bool:
    before = _before(text, item)
    if _OWN.search(before):
        return False
    return bool(
        _OTHERS.search(before)
        or _TEST.search(before)
        or _FINE.match(text[item.end : item.end + 60])
    )
