"""Words of steps, brought to one form: "swapped", "swapping" and "swap" are the same."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"(?:re|un|de)-[a-z]{3,}|[a-z]+(?:['’][a-z]+)?|\d+g?|##?\d+#?", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"(?:ed|taken|put|set|done|chosen|swapped|reset|redone|gone|sent|got|cut)\Z", re.IGNORECASE
)
# Words that stand anywhere between those of a step.
SKIPPED = frozenset(
    "and the my a an it its this that again twice then already also just even completely have has been i we both our your "
    "of tray and n few times couple several all settings' me some so well now was were being is are am "
    "thing things um er uh like her his their yer ur".split()
)
# What does not follow from the endings: irregular verbs, and other names of the same thing.
_SAME = {
    form: word
    for word, forms in {
        "take": "took taken taking", "put": "putting", "go": "went gone going goes", "try": "tried trying tryed tries",
        "reset": "resetted reseting", "leave": "left leaving", "ring": "rang rung rings", "speak": "spoke spoken",
        "do": "did done doing does", "stand": "stood", "drive": "drove driven driving", "buy": "bought",
        "choose": "chose chosen", "hold": "held", "stick": "stuck", "send": "sent", "redo": "redone redid", "reseat": "resat", "rewrite": "rewrote",
        "run": "ran", "get": "got gotten getting gets", "have": "had having", "pull": "yanked yank whipped whip", "give": "gave given giving",
        "blow": "blew blown", "let": "letting", "stop": "stopped", "forget": "forgot forgotten forgetting",
        "bring": "brought", "keep": "kept", "wait": "waitd", "turn": "turnd", "restart": "restared restarded retarted restated restrat restarted",
        "wifi": "wi", "": "fi e", "airplane": "aeroplane plane", "in": "into inside", "hour": "hrs hr", "hand": "manually",
        "another": "old other different spare others", "phone": "handset device iphone samsung pixel handsets devices smartphone fone phones",
        "card": "cards", "cable": "cables", "sim": "sims simcard simcards", "setting": "settings setting",
        "minute": "mins min", "two": "2", "three": "3", "use": "used using", "charge": "recharged recharge recharging",
        "network": "netwrk ntwk", "app": "application", "router": "modem",
        "scan": "scaned", "clear": "cleard",
    }.items()
    for form in forms.split()
}  # fmt: skip
_SOMEONES = re.compile(
    r"(?:wife|husband|partner|mum|mom|dad|mother|father|son|daughter|friend|brother|sister|mate|colleague|girlfriend|boyfriend|flatmate|neighbour|neighbor|cousin|nephew|niece|uncle|aunt|auntie|gran|nan|grandson|granddaughter|grandad|boss|housemate|roommate|wifey|hubby|missus|fella|mam|mrs|lad|lads|lass|kid|kids|bro|sis|sister|misses|someone|somebody|workmate|fianc[eé]e?)'?s?",
)


def words_of(text: str) -> list[tuple[re.Match[str], str]]:
    """The words of a text that a step can consist of, each with its stem."""
    words = []
    for match in _WORD.finditer(text):
        low = match.group().lower()
        if low not in SKIPPED:
            stem = _stem(low)
            if stem:
                words.append((match, stem))
    return words


def stems(phrase: str) -> list[str]:
    """The stems of a phrase."""
    return [stem for _, stem in words_of(phrase)]


def is_participle(word: str) -> bool:
    """Whether a word can end "settings reset", "eSIM deleted"."""
    return bool(_PARTICIPLE.search(word))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    word = word.replace("’", "'")
    if word[2:3] == "-":
        word = word[:2] + word[3:]
    if _SOMEONES.fullmatch(word):
        return "another"
    word = word[:-2] if word.endswith("'s") else word
    if word in _SAME:
        return _plain(_SAME[word])
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least:
            return _plain(word[: -len(ending)])
    if word.endswith("s") and len(word) > 4 and not word.endswith("ss"):
        word = word[:-1]
    return _plain(word)


def _plain(word: str) -> str:
    """Without what endings double or swallow: "swapp", "chang"."""
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word
