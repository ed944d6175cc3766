"""What the customer has tried, step by step, with the result of each.

A step counts only when it was done: negated ("I haven't restarted it"), intended ("I'll reset it"),
asked for ("please reset my password") and self-acting ("it restarts by itself") ones do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.content.records import Step
from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found

STEP = "step"
EVERYTHING = "everything"
LARGEST_GAP = 3
LONGEST_PASSIVE = 3
# How many words after "haven't", and after "can't", a step can stand and still be denied.
NEGATION_REACH, INABILITY_REACH = 5, 2
# Changes that customers name as the cause of a problem at least as often as a remedy.
CHANGES = frozenset({"update_software", "update_app", "other_sim", "carrier_update"})
# Their words also name what there is ("the new SIM", "in the garden"), so a verb must say it was tried.
NAMED_OTHERWISE = frozenset({"other_sim", "other_location"})
LONGEST_VERBATIM = 90
# How far apart the members of a list stand at most.
LARGEST_LIST_GAP = 30

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+g?|##?\d+#?", re.IGNORECASE)
_SKIPPED = frozenset(
    "the my a an it its this that again twice then already also just even completely have has been i we both our your "
    "of tray and n fully few times couple several all settings' me some so well now".split()
)
_IRREGULAR = {
    "took": "take", "taken": "take", "taking": "take", "put": "put", "putting": "put", "went": "go", "gone": "go", "going": "go", "switched": "switch",
    "tried": "try", "trying": "try", "tryed": "try", "swapped": "swap", "swapping": "swap", "popped": "pop", "popping": "pop", "reset": "reset",
    "resetting": "reset", "reseting": "reset", "resetted": "reset", "left": "leave", "leaving": "leave", "rang": "ring", "rung": "ring", "spoke": "speak", "spoken": "speak",
    "did": "do", "done": "do", "doing": "do", "stood": "stand", "drove": "drive", "driven": "drive", "moved": "move", "moving": "move", "scanned": "scan",
    "scanning": "scan", "rescanned": "rescan", "rescanning": "rescan", "unplugged": "unplug", "unplugging": "unplug", "plugged": "plug", "used": "use", "using": "use", "removed": "remove",
    "removing": "remove", "changed": "change", "changing": "change", "deleted": "delete", "deleting": "delete", "erased": "erase", "restored": "restore", "disabled": "disable",
    "disabling": "disable", "enabled": "enable", "enabling": "enable", "toggled": "toggle", "toggling": "toggle", "updated": "update", "updating": "update", "wiped": "wipe", "wiping": "wipe",
    "cycled": "cycle", "cycling": "cycle", "reinstalled": "reinstall", "rebooted": "reboot", "rebooting": "reboot", "replaced": "replace", "replacing": "replace", "logged": "log", "logging": "log",
    "bought": "buy", "inserted": "insert", "reinserted": "reinsert", "re-inserted": "reinsert", "reseated": "reseat", "cleaned": "clean", "wi": "wifi", "fi": "", "aeroplane": "airplane", "plane": "airplane",
    "into": "in", "hrs": "hour", "hr": "hour", "manually": "hand", "old": "another", "other": "another", "different": "another", "spare": "another", "inserting": "insert", "turnd": "turn", "restared": "restart", "restarded": "restart", "retarted": "restart", "restated": "restart",
    "handset": "phone", "device": "phone", "iphone": "phone", "samsung": "phone", "pixel": "phone", "cards": "card", "cables": "cable", "sims": "sim", "simcard": "sim", "mode": "mode", "settings": "setting", "e": "", "phones": "phone", "turned": "turn", "turning": "turn", "powered": "power", "powering": "power",
    "forced": "force", "forcing": "force", "waited": "wait", "waiting": "wait", "checked": "check", "checking": "check", "chose": "choose", "chosen": "choose", "charged": "charge", "charging": "charge",
    "uninstalled": "uninstall", "uninstalling": "uninstall", "cleared": "clear", "clearing": "clear", "entered": "enter", "entering": "enter", "followed": "follow", "visited": "visit", "called": "call",
}  # fmt: skip
_SOMEONES = re.compile(
    r"(?:wife|husband|partner|mum|mom|dad|mother|father|son|daughter|friend|brother|sister|mate|colleague|girlfriend|boyfriend|flatmate|neighbour|neighbor|cousin|nephew|niece|uncle|aunt|auntie|gran|nan|grandson|granddaughter|grandad|boss|housemate|roommate|wifey|hubby|missus|fella|mam|mrs)'?s?",
)
_TRYING = re.compile(
    r"\b(?:tried|trying|tested|put|popped|used|using|borrowed|inserted|swapped|bought|got|ordered|went|gone|going|moved|stood|walked|drove|sat|did|with|try|use|change[d]?|switch(?:ed)?)\b",
    re.IGNORECASE,
)
_WAITED_FOR = re.compile(
    r"\s*(?:(?:now|already|nearly|so far|and counting|on hold)\s+)*(?:for|on)\s+(?:an?|the|my|your|any|some\w*|this|it)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:haven'?t|havent|hasn'?t|didn'?t|didnt|don'?t|dont|do not|did not|have not|has not|not|never|can'?t|cant|cannot|couldn'?t|won'?t|wouldn'?t|without|unable|no need|"
    r"no idea how|don'?t know how|refuse|before (?:i|you)|instead of|rather than|nor|neither|avoid)\b",
    re.IGNORECASE,
)
_INABILITY = re.compile(r"can'?t|cannot|couldn'?t|unable|won'?t|wouldn'?t", re.IGNORECASE)
_TURN = re.compile(
    r"\b(?:but|so|and i|and have|and we|and tried|then i|until|even after|after)\b", re.IGNORECASE
)
_INTENDED = re.compile(
    r"\b(?:will|'ll|gonna|going to|want to|wants? me to|need to|needs? to|have to|has to|had to|should|shall|must|could|would|'d|might|may|please|pls|plz|can you|can i|could you|how (?:do|can|to)|do i|should i|"
    r"to|if i|if you|let'?s|about to|planning|plan to|able to|asking me to|tell(?:s|ing)? me to|told me to|told to|told us to|ask(?:ed|s)? me to|suggest\w*|advise[sd]?|recommend\w*|when i|whenever i|every time i|each time i|unless i|until i|"
    r"keep(?:s)? having to|i'?d like|don'?t (?:tell|ask) me to|why|what if|is there|are there|i need|we need|i want|trying to get)\b\s*(?:\w+ ){0,2}\Z",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(r"\b(?:changed|switched|swapped|reverted|upgraded|set|put|moved|turned|went|changing|switching|swapping|back|over)(?: (?:it|my phone|the phone|phone|network|mode|settings?|back|over))* to\b", re.IGNORECASE)  # fmt: skip
_TRIED_TO = re.compile(r"\b(?:tried|attempted|managed|decided|made sure|went on|started|asked (?:my|a|the)|got (?:my|a|the)) (?:\w+ ){0,2}to\s*(?:\w+ )?\Z", re.IGNORECASE)  # fmt: skip
OF_THE_ROUTER = {"restart": "restart_router", "factory_reset": "reset_router"}
_ROUTER = re.compile(
    r"\b(?:router|hub|broadband|home wi-?fi|mi-?fi|dongle|modem|portable wi-?fi)\b", re.IGNORECASE
)
_PHONE = re.compile(r"\b(?:phone|iphone|handset|galaxy|pixel|mobile)\b", re.IGNORECASE)
_DONE_THAT = re.compile(
    r"\A[^.!?]{0,60}\b(?:done|did|tried|i have|i've) (?:that|it|this|all that|so)\b(?! (?:help|work|make))",
    re.IGNORECASE,
)
_ASKED_AND_DONE = re.compile(r"\b(?:told|asked|advised) (?:me|us) to\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:keeps?|kept)\b[^,.;]*\Z|\bitself\b[^,.;]*\Z|\b(?:it|phone|device|router|hub|handset|iphone|which) (?:just |then |randomly |always |constantly |has |also |suddenly )*\Z", re.IGNORECASE)  # fmt: skip
_NONE_OF_IT = re.compile(r"\bno\s+\Z", re.IGNORECASE)
_BY_ITSELF = re.compile(r"\s+(?:itself|by itself|on its own|at random|randomly)\b", re.IGNORECASE)
# "Toggled the eSIM off and on": what is switched is no device.
_OF_A_LINE = re.compile(r"\b(?:e-?sims?|sim|line|plan|bluetooth|hotspot|volte|gps|location|vpn|imessage|facetime|tethering|relay|setting|switch|option|5g|4g|lte|nfc)\s*\Z", re.IGNORECASE)  # fmt: skip
_CAUSE = re.compile(r"\b(?:since|ever since|following|because of|due to|caused by|from when|as soon as|once)\s+(?:i |we |the |my |an? |latest |last |new |recent |having |you )*(?:\w+ )?\Z", re.IGNORECASE)  # fmt: skip
_DONE_CUE = re.compile(
    r"\b(?:tried|trying|try(?= everything)|tryed|did|done|have done|attempted|i'?ve|i have|we'?ve|performed|went through|carried out|already|so far|steps?|toggled|toggling|switched|turned|put|swapped|changed|checked|used|went|tested|reset|"
    r"works? in|worked in|working in|works? fine in|(?<!if )(?<!when )(?<!time )i (?:also |even )?(?:change|restart|reset|put|try|do|check|remove|clean|take|switch|turn|give|insert)|made no|makes no|is on|are on|is off|is switched|is enabled|on and off|off and on|looked at|says|shows|no change|no luck|nothing|no difference|didn'?t|doesn'?t help|does not|same|still)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:ed|ing|took|taken|put|set|went|left|rang|rung|stood|drove|reset|done|did|spoke|spoken|chose|bought)\Z",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?:ed|taken|put|set|done|chosen|swapped|reset)\Z", re.IGNORECASE)
_NO_CHANGE = re.compile(
    r"\b(?:no (?:change|luck|joy|difference|effect|improvement|success|use|good|avail|better)|nothing(?: (?:changed?|changes|helped?|helps|worked|works|happens|happened|at all))?|"
    r"did(?:n'?t| not| nothing)(?: \w+)? ?(?:help|work|make (?:any|a) difference|change|fix|solve|do anything|do a thing|make it)?|does(?:n'?t| not) (?:help|work|make (?:any|a) difference|change|fix|do)|"
    r"(?:the )?same(?: (?:thing|problem|issue|result|error|message|again))?|to no avail|without success|made no difference|makes no difference|still (?:the same|nothing|no|not|says?|get|getting|have|doesn'?t|isn'?t|won'?t|can'?t|broken|there|dead|down)|"
    r"not (?:helped?|worked|fixed)|none (?:of (?:it|that|them|these|this|those)|worked|helped)|hasn'?t (?:helped|worked|changed|fixed)|haven'?t (?:helped|worked)|failed|useless|zilch|nada|nope|no good|won'?t work|zero|unchanged)\b",
    re.IGNORECASE,
)
_BRIEFLY = re.compile(
    r"\b(?:(?:work(?:s|ed)|help(?:s|ed)|fix(?:es|ed)(?: it)?|came back|comes back|it'?s ok|was (?:ok|fine)|got (?:signal|it) back)\s*(?:it )?(?:again )?(?:only )?(?:for (?:a|about|around|an|like|maybe|only|just|\d|ten|five|two|one|half)[\w ]*|briefly|temporarily|a (?:bit|while|little)|then)|temporar\w+|for a (?:bit|while|minute|few))",
    re.IGNORECASE,
)
_WORKED = re.compile(
    r"\b(?:(?:it |that |and |which )?(?:works|worked|is working|was fine|works fine|worked fine|fixed it|solved it|is fine|helped)(?: (?:fine|ok|perfectly|there|in (?:it|that|there)|on (?:it|that)))*)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:(?:haven'?t|havent|have not|not|didn'?t|did not|never) (?:really |actually )?(?:tried|try|done|do|attempted) (?:anything|much|any (?:steps?|troubleshooting)|a thing)|tried nothing|nothing (?:yet|so far|tried)|done nothing)\b",
    re.IGNORECASE,
)


def says_nothing_tried(text: str) -> bool:
    """Whether the customer says that nothing was tried yet."""
    return bool(_NOTHING.search(text))


@dataclass(frozen=True)
class _Phrase:
    slug: str
    stems: tuple[str, ...]
    # "Settings reset", "eSIM deleted": the verb comes last, and must be a participle.
    passive: bool = False


@dataclass(frozen=True)
class Hit:
    """A step that the words text[start:end] name, done or not."""

    slug: str
    start: int
    end: int
    weight: int
    first: str
    # Where its first and its last word end, so that "cleaned the SIM and tried it in …" can share one.
    first_end: int
    last_start: int


class StepFinder:
    """Finds tried steps; built once from the known steps."""

    def __init__(self, known: Mapping[str, Step]) -> None:
        phrases = [
            _Phrase(slug, tuple(_stems(phrase)))
            for slug, step in known.items()
            for phrase in [step.label, *step.phrases]
        ]
        phrases += [
            _Phrase(phrase.slug, (*phrase.stems[1:], phrase.stems[0]), passive=True)
            for phrase in phrases
            if 1 < len(phrase.stems) <= LONGEST_PASSIVE and phrase.stems[0] not in ("try", "use")
        ]
        self._by_first: dict[str, list[_Phrase]] = {}
        for phrase in sorted(phrases, key=lambda phrase: -len(phrase.stems)):
            if phrase.stems:
                self._by_first.setdefault(phrase.stems[0], []).append(phrase)

    def find(self, text: str, answering: bool = False, router: bool = False) -> list[Found]:
        """The steps that were done; see `found`."""
        return self.found(text, self.hits(text), answering, router)

    def found(
        self, text: str, hits: Sequence[Hit], answering: bool = False, router: bool = False
    ) -> list[Found]:
        """The `hits` that were done in the order said, each with value {"step", "verbatim", "result"}.

        answering: the text answers "what have you tried?", so what it names was done unless it says
        otherwise ("SIM in and out, restart"). router: the device spoken of is one.
        """
        if not hits:
            return []
        spans = clauses(text)
        lines = sentences(text)
        done = [
            hit
            for hit in hits
            if _was_done(text, hit, around(spans, hit.start), around(lines, hit.start), answering)
        ]
        if done:
            done = [hit for hit in hits if hit in done or _listed(text, hit, done, spans, lines)]
        done = _of_the_router(text, done, router)
        return [_found(text, hit, done, lines) for hit in done]

    def slugs(self, text: str) -> list[str]:
        """Every step that the words name, done or not."""
        return [hit.slug for hit in self.hits(text)]

    def hits(self, text: str) -> list[Hit]:
        """Every step that the words name, the longest where several share words."""
        words = [(match, _stem(match.group())) for match in _WORD.finditer(text)]
        words = [
            (match, stem) for match, stem in words if stem and match.group().lower() not in _SKIPPED
        ]
        hits: list[Hit] = []
        for place, (match, stem) in enumerate(words):
            for phrase in self._by_first.get(stem, ()):
                last = _matched(words, place, phrase.stems, text)
                if last is not None and phrase.passive:
                    last = last if _PARTICIPLE.search(words[last][0].group()) else None
                if last is not None:
                    hits.append(
                        Hit(
                            phrase.slug,
                            match.start(),
                            words[last][0].end(),
                            len(phrase.stems),
                            match.group(),
                            match.end(),
                            words[last][0].start(),
                        )
                    )
                    break
        return _longest(hits)


def _matched(
    words: Sequence[tuple[re.Match[str], str]], place: int, stems: Sequence[str], text: str
) -> int | None:
    at = place
    for stem in stems[1:]:
        for ahead in range(at + 1, min(at + 1 + LARGEST_GAP, len(words))):
            if words[ahead][1] == stem:
                break
        else:
            return None
        between = text[words[at][0].end() : words[ahead][0].start()]
        if (
            re.search(
                r"[.!?;\n]\s|,\s*(?:then|and then)\b" if len(stems) > 2 else r"[.!?;\n]\s|,",
                between,
            )
            and len(stems) < 4
        ):
            return None
        at = ahead
    return at


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.weight, hit.start)):
        if not any(_clash(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _clash(one: Hit, other: Hit) -> bool:
    """Whether two steps are told in the same words; one word that ends one and begins the other may be."""
    first, second = sorted((one, other), key=lambda hit: hit.start)
    shared = first.last_start == second.start and first.end == second.first_end
    if shared and first.weight > 1 and second.weight > 1 and first.slug != second.slug:
        return False
    return first.start < second.end and second.start < first.end


def _was_done(
    text: str,
    hit: Hit,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    answering: bool,
) -> bool:
    before = text[clause[0] : hit.start]
    whole_before = text[sentence[0] : hit.start]
    rest = text[hit.start : sentence[1]]
    if _TRIED_TO.search(before) or _DONE_THAT.search(rest):
        return True
    if _negated(before, whole_before) or _CAUSE.search(before) or _NONE_OF_IT.search(before):
        return False
    if hit.slug in CHANGES and re.search(
        r"\b(?:after|when|once) (?:\w+ ){0,6}\Z", before, re.IGNORECASE
    ):
        return False
    before = _CHANGED_TO.sub("", before)
    if (_SELF.search(before) or _BY_ITSELF.match(text, hit.end)) and hit.slug in (
        "restart",
        "restart_router",
        "reset_router",
        "toggle_wifi",
        "factory_reset",
    ):
        return False
    if _INTENDED.search(before) and not (
        _ASKED_AND_DONE.search(before)
        and re.search(r"\bdid\b|no (?:change|luck)|didn'?t|did not", rest)
    ):
        return False
    if re.search(r"\?\s*\Z", text[: sentence[1] + 1][sentence[0] :]) and not re.search(
        r"\b(?:tried|did|already|i'?ve)\b", whole_before, re.IGNORECASE
    ):
        return False
    if hit.slug == "restart" and _OF_A_LINE.search(before) and "phone" not in text[hit.start : hit.end].lower():  # fmt: skip
        return False
    if hit.slug == "contact_support":
        return False
    if hit.slug == "wait" and _WAITED_FOR.match(text, hit.end):
        return False
    if answering:
        return True
    if hit.slug in NAMED_OTHERWISE and not (
        _TRYING.search(text[clause[0] : hit.end]) or _outcome(text[hit.end : clause[1]])
    ):
        return False
    return (
        bool(_PAST.search(hit.first))
        or bool(_PARTICIPLE.search(text[hit.last_start : hit.end]))
        or bool(_DONE_CUE.search(text[sentence[0] : sentence[1]]))
        or hit.slug == EVERYTHING
    )


def _listed(
    text: str,
    hit: Hit,
    done: Sequence[Hit],
    spans: list[tuple[int, int]],
    lines: list[tuple[int, int]],
) -> bool:
    """Whether a step stands in a list of done ones: "restarted, airplane mode, the lot"."""
    line = around(lines, hit.start)
    near = [other for other in done if line[0] <= other.start < line[1]]
    if not any(
        -LARGEST_LIST_GAP < hit.start - other.end < LARGEST_LIST_GAP
        and "," in text[min(hit.end, other.end) : max(hit.start, other.start)]
        for other in near
    ):
        return False
    return _was_done(text, hit, around(spans, hit.start), line, answering=True)


def _negated(before: str, whole_before: str) -> bool:
    """Whether a "not" reaches the step: in its clause, or earlier in a list that it began."""
    for match in _NEGATED.finditer(before):
        after = before[match.end() :]
        reach = INABILITY_REACH if _INABILITY.fullmatch(match.group()) else NEGATION_REACH
        if len(after.split()) <= reach and not _TURN.search(after):
            return True
    head = re.search(r"\b(?:haven'?t|havent|have not|didn'?t|did not|not yet|never) (?:\w+ )?(?:tried|done|restarted|reset|rebooted|\w+ed)\b(?P<rest>.*)\Z", whole_before, re.IGNORECASE | re.DOTALL)  # fmt: skip
    return bool(head and re.fullmatch(r"[^.;:]*(?:\bor\b|\bnor\b)[^.;:]*", head.group("rest") or "", re.DOTALL) and not re.search(r"\bbut\b|\bi (?:did|have)\b", head.group("rest"), re.IGNORECASE))  # fmt: skip


def _found(text: str, hit: Hit, hits: Sequence[Hit], lines: list[tuple[int, int]]) -> Found:
    end = _end_of(text, hit, hits)
    verbatim = text[hit.start : end].strip(" ,.;:-")
    result = _result(text, hit, hits, lines)
    value = {"step": hit.slug, "verbatim": verbatim, "result": result}
    return Found(
        STEP, hit.start, hit.start + len(verbatim), value, verbatim, 0.9 if result else 0.85
    )


def _end_of(text: str, hit: Hit, hits: Iterable[Hit]) -> int:
    following = [other.start for other in hits if other.start > hit.start]
    limit = min([*following, len(text), hit.start + LONGEST_VERBATIM])
    stop = re.compile(
        r"[,.;:!?\n)]|\s[-–—]+\s|\s(?:and|but|then|which|still|no|with no|didn'?t|nothing|when|because|so|it)\b",
        re.IGNORECASE,
    ).search(text, hit.end, limit)
    end = stop.start() if stop else limit
    if not stop and following and limit == min(following):
        end = hit.end
    return max(end, hit.end)


def _result(text: str, hit: Hit, hits: Sequence[Hit], lines: list[tuple[int, int]]) -> str | None:
    """What came of the step: said before the next step, or of a whole list at its end."""
    following = [other for other in hits if other.start > hit.start]
    sentence = around(lines, hit.start)
    later = [line for line in lines if line[0] >= sentence[1]]
    limit = later[0][1] if later else sentence[1]
    own_end = min([following[0].start if following else limit, limit])
    own = _outcome(text[hit.end : own_end])
    if own or not following:
        return own
    last = following[-1]
    for other in following:
        between = _outcome(
            text[other.end : min([h.start for h in hits if h.start > other.start] or [limit])]
        )
        if between:
            return between if between == "no change" else None
        last = other
    sentence = around(lines, last.start)
    later = [line for line in lines if line[0] >= sentence[1]]
    shared = _outcome(text[last.end : later[0][1] if later else sentence[1]])
    return shared if shared == "no change" else None


def _outcome(words: str) -> str | None:
    first = [(match.start(), name) for pattern, name in ((_BRIEFLY, "helped briefly"), (_NO_CHANGE, "no change"), (_WORKED, "worked"))
             if (match := pattern.search(words))]  # fmt: skip
    return min(first)[1] if first else None


def _of_the_router(text: str, hits: Sequence[Hit], router: bool) -> list[Hit]:
    """Where only a router is spoken of, restarting "it" is restarting the router."""
    if not router and (not _ROUTER.search(text) or _PHONE.search(text)):
        return list(hits)
    return [replace(hit, slug=OF_THE_ROUTER.get(hit.slug, hit.slug)) for hit in hits]


def _stems(phrase: str) -> list[str]:
    words = [word for word in _WORD.findall(phrase) if word.lower() not in _SKIPPED]
    return [stem for stem in map(_stem, words) if stem]


def _stem(word: str) -> str:
    low = word.lower().replace("’", "'")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if _SOMEONES.fullmatch(low):
        return "another"
    for ending, least in (("ing", 6), ("ed", 5)):
        if low.endswith(ending) and len(low) >= least:
            return low[: -len(ending)]
    return low[:-1] if low.endswith("s") and len(low) > 4 and not low.endswith("ss") else low
