"""Whether a step that is named was done.

Negated ("I haven't restarted it"), intended ("I'll reset it"), asked for ("please reset my password")
and self-acting ("it restarts by itself") ones were not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu.clauses import around
from bot.nlu.step_phrases import DONE, EVERYTHING, OTHER_DEVICE, Hit
from bot.nlu.step_results import NEITHER, outcome

AIRPLANE = "airplane_mode"
# How many words after "haven't", and after "can't", a step can stand and still be denied.
NEGATION_REACH, INABILITY_REACH = 5, 2
# Changes that customers name as the cause of a problem at least as often as a remedy.
CHANGES = frozenset({"update_software", "update_app", "other_sim", "carrier_update", OTHER_DEVICE})
# Their words also name what there is ("the new SIM", "in the garden"), so a verb must say it was tried.
NAMED_OTHERWISE = frozenset(
    {"other_sim", "other_location", OTHER_DEVICE, "other_number", "other_app", "other_wifi"}
)
# How far apart the members of a list stand at most.
LARGEST_LIST_GAP = 30

_TRYING = re.compile(
    r"\b(?:tried|trying|tested|put|popped|used|using|borrowed|inserted|swapped|bought|got|ordered|went|gone|going|moved|stood|walked|drove|sat|did|with|try|use|check(?:ed)?|works?|worked|working|fine|same|borrow|had|have|been given|given|sent|replaced|call(?:ed|ing)|text(?:ed|ing)|rang|over|change[d]?|switch(?:ed)?)\b",
    re.IGNORECASE,
)
_WAITED_FOR = re.compile(
    r"\s*(?:to (?:speak|talk|get through|be)\b|in (?:a|the|your) (?:queue|shop|store)\b)|\s*(?:(?:now|already|nearly|so far|and counting|on hold)\s+)*(?:for|on)\s+(?:an?|the|my|your|any|some\w*|this|it)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:haven'?t|havent|hasn'?t|didn'?t|didnt|don'?t|dont|do not|did not|have not|has not|not|never|can'?t|cant|cannot|couldn'?t|won'?t|wouldn'?t|without|unable|no need|"
    r"no idea how|don'?t know how|refuse|before (?:i|you)|instead of|rather than|nor|neither|avoid)\b",
    re.IGNORECASE,
)
_INABILITY = re.compile(r"can'?t|cannot|couldn'?t|unable|won'?t|wouldn'?t", re.IGNORECASE)
_TURN = re.compile(
    r"\b(?:but|so|and i|and have|and we|and tried|then i|until|even after|after|ive|i've|i (?:have|did|also|just|even))\b",
    re.IGNORECASE,
)
_INTENDED = re.compile(
    r"\b(?:will|'ll|gonna|going to|want to|wants? me to|need to|needs? to|have to|has to|had to|should|shall|must|could|would|'d|might|may|please|pls|plz|can you|can i|could you|how (?:do|can|to)|do i|should i|"
    r"to|if i|if you|let'?s|about to|planning|plan to|able to|asking me to|tell(?:s|ing)? me to|told me to|told to|told us to|ask(?:ed|s)? me to|suggest\w*|advise[sd]?|recommend\w*|when i|whenever i|every time i|each time i|unless i|until i|"
    r"keep(?:s)? having to|i'?d like|don'?t (?:tell|ask) me to|why|what if|is there|are there|i need|we need|i want|trying to get)\b\s*(?:\w+ ){0,2}\Z",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(r"\b(?:changed|switched|swapped|reverted|upgraded|reset|restored|set|put|moved|turned|went|changing|switching|swapping|back|over)(?: (?:it|my phone|the phone|phone|network|mode|settings?|back|over))* to\b", re.IGNORECASE)  # fmt: skip
_TRIED_TO = re.compile(r"\b(?:tried|attempted|managed|decided|made sure|went on|started|asked (?:my|a|the)|got (?:my|a|the)) (?:\w+ ){0,2}to\s*(?:\w+ )?\Z", re.IGNORECASE)  # fmt: skip
_DONE_THAT = re.compile(
    r"\A[^.!?]{0,60}\b(?:done|did|tried|i have|i've) (?:that|it|this|all that|so)\b(?! (?:help|work|make))",
    re.IGNORECASE,
)
# "Don't tell me to restart it. I have."
_I_HAVE = re.compile(r"[.!?]+\s*(?:well,? )?i(?:(?:'ve)? (?:already )?(?:have|did))(?: (?:it|that|so))?\W*(?:[.!?\n]|\Z)", re.IGNORECASE)  # fmt: skip
_ASKED_AND_DONE = re.compile(r"\b(?:told|asked|advised) (?:me|us) to\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:keeps?|kept)\b(?:(?!\b(?:i|i'?ve|we|we'?ve)\b)[^,.;])*\Z|\bitself\b[^,.;]*\Z|\b(?:it|phone|device|router|hub|handset|iphone|which) (?:just |then |randomly |always |constantly |has |also |suddenly )*\Z", re.IGNORECASE)  # fmt: skip
_NAMED_ALONE = re.compile(
    r"\W*(?:and |the |my |then )*(?:phone|device|router|hub|handset)\s+", re.IGNORECASE
)
_CAUSATIVE = re.compile(r"\b(?:had|have|got|get|having) (?:it|the \w+|my \w+)\s+\Z", re.IGNORECASE)
_JOINED = re.compile(r",|\band\b|&|\+")
_NONE_OF_IT = re.compile(r"\bno\s+\Z", re.IGNORECASE)
# "Mobile data won't switch on": what cannot be done, or happens again and again, inside the words.
_CANNOT = re.compile(r"\b(?:won['’]?t|wouldn['’]?t|can['’]?t|cannot|couldn['’]?t|does(?:n['’]?t| not)|keeps?|wants|never)\b", re.IGNORECASE)  # fmt: skip
# "The app has logged me out": nobody did that.
_ME_OUT = re.compile(r"\b(?:log|sign|kick|boot|throw|threw)\w* me (?:out|off)\b", re.IGNORECASE)
# "Restart, yes. New SIM, done."
_TICKED = re.compile(r"\s*[,:–-]*\s*(?:yes|yep|yeah|done|tick(?:ed)?|also done|✓|✔)\W*(?:\Z|[.,;\n])", re.IGNORECASE)  # fmt: skip
_BY_ITSELF = re.compile(r"\s+(?:itself|by itself|on its own|at random|randomly)\b", re.IGNORECASE)
# "Toggled the eSIM off and on": what is switched is no device.
_OF_A_LINE = re.compile(r"\b(?:e-?sims?|sim|line|plan|bluetooth|hotspot|volte|gps|location|vpn|imessage|facetime|tethering|relay|setting|switch|option|5g|4g|lte|nfc)\s*\Z", re.IGNORECASE)  # fmt: skip
_CAUSE = re.compile(r"\b(?:since|ever since|following|because of|due to|caused by|from when|as soon as|once)\s+(?:i |we |the |my |an? |latest |last |new |recent |having |you )*(?:\w+ )?\Z", re.IGNORECASE)  # fmt: skip
_DONE_CUE = re.compile(
    r"\b(?:had (?:it|them|the \w+|my \w+) (?:off|out|in)|just the|only the|just a|only a|tried|trying|try(?= everything)|tryed|did|done|have done|attempted|i'?ve|i have|we'?ve|performed|went through|carried out|already|so far|steps?|toggled|toggling|switched|turned|put|swapped|changed|checked|used|went|tested|reset|"
    r"works? in|worked in|working in|works? fine in|(?<!if )(?<!when )(?<!time )i (?:also |even )?(?:change|restart|reset|put|try|do|check|remove|clean|take|switch|turn|give|insert)|made no|makes no|is on|are on|is off|is switched|is enabled|on and off|off and on|looked at|says|shows|no change|no luck|nothing|no difference|identical|didn'?t|doesn'?t help|does not|same|still|as per|(?:looks?|seems?|is|are|all) (?:right|fine|ok|okay|correct|good|up to date))\b",
    re.IGNORECASE,
)
# "Tried: reboot, new SIM, other phone" says of all that follows that it was done.
_LIST_CUE = re.compile(r"\b(?:tried|tryed|done|attempted|steps(?: taken| tried)?|troubleshooting(?: done)?|did)(?: so far| already| the following)?\s*[:=]", re.IGNORECASE)  # fmt: skip
_PULLED = re.compile(r"\b(?:(?P<sim>sims?|sim ?card|card|tray|slots?|paperclip|contacts|chip|gold)|battery|plug|cable|charger|router|hub|esim|app|watch)\b", re.IGNORECASE)  # fmt: skip
_MEMBER = re.compile(r"(?:[,+&/(\n]|\band|\btried)\s*\Z", re.IGNORECASE)
_MEMBER_ENDS = re.compile(r"\s*(?:[,+&/).\n]|and\b|\Z)", re.IGNORECASE)
_ON_AND_OFF = re.compile(r"on(?:\W+(?:and|n))?\W*off", re.IGNORECASE)
_LASTS = re.compile(r"\W*(?:for|since|all|over|every|the (?:whole|entire|past|last)|throughout|constantly|during|like|in|at|when|whenever|most|again since)\b", re.IGNORECASE)  # fmt: skip
_ON_SOMETHING = re.compile(
    r"\s+(?:it|there|that|\d|(?:my|the|this|your|a|last) (?:bill|account|invoice|contract|plan|line))\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"\bstop|n't\b|\bnot\b|\bdead\b", re.IGNORECASE)
_FILLING = re.compile(r"\b(?:and|also|too|then|the|my|is|are|was|now|yes|ok|done|x\d|twice|already|both|again|\d[.)]?)\b|[^a-z0-9]", re.IGNORECASE)  # fmt: skip
# How many words a step has at least that is understood without any verb.
ALONE = 2
_PAST = re.compile(
    r"(?:ed|ing|took|taken|put|set|had|went|left|rang|rung|stood|drove|reset|done|did|spoke|spoken|chose|bought)\Z",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?:ed|taken|put|set|done|chosen|swapped|reset)\Z", re.IGNORECASE)


def was_done(
    text: str,
    hit: Hit,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    answering: bool,
) -> bool:
    if hit.weight == DONE:
        return True
    if _CANNOT.search(text, hit.start, hit.end) or _ME_OUT.search(text, hit.start, hit.end):
        return False
    if hit.weight > DONE and _I_HAVE.match(text, sentence[1]):
        return True
    before = text[clause[0] : hit.start]
    whole_before = text[sentence[0] : hit.start]
    rest = text[hit.start : sentence[1]]
    if NEITHER.search(before) or _TRIED_TO.search(before) or _DONE_THAT.search(rest):
        return True
    if _negated(before, whole_before) or _CAUSE.search(before) or _NONE_OF_IT.search(before):
        return False
    if hit.slug in CHANGES and re.search(
        r"\b(?:after|when|once) (?:\w+ ){0,6}\Z", before, re.IGNORECASE
    ):
        return False
    before = _CHANGED_TO.sub("", before)
    if (
        _acts_itself(before, text[hit.start : clause[1]]) or _BY_ITSELF.match(text, hit.end)
    ) and hit.slug in (
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
    if hit.slug == EVERYTHING and hit.first.lower() == "following":
        return False
    if hit.slug == "wait" and _WAITED_FOR.match(text, hit.end):
        return False
    if hit.slug == AIRPLANE and hit.weight == 1 and not _among_others(text, hit):
        return False
    if _merely_is(text, hit):
        return False
    if hit.slug == "reinsert_sim" and not is_of_the_sim(text, hit):
        return False
    if answering or _LIST_CUE.search(whole_before) or _alone(text, hit, clause, sentence):
        return True
    if hit.slug in NAMED_OTHERWISE and not (
        _TRYING.search(text[clause[0] : hit.end]) or outcome(text[hit.end : clause[1]])
    ):
        return False
    return (
        bool(_PAST.search(hit.first))
        or bool(_PARTICIPLE.search(text[hit.last_start : hit.end]))
        or bool(_DONE_CUE.search(text[sentence[0] : sentence[1]]))
        or hit.slug == EVERYTHING
    )


def _among_others(text: str, hit: Hit) -> bool:
    """Whether one word is a member of a list: "restart + airplane + APN", "off and on, airplane, SIM out"."""
    return bool(_MEMBER.search(text, 0, hit.start) and _MEMBER_ENDS.match(text, hit.end))


def _acts_itself(before: str, rest: str) -> bool:
    """Whether the device does it: "it restarts"; not in the telegram "phone restarted, SIM out"."""
    if not _SELF.search(before):
        return False
    telegram = _NAMED_ALONE.fullmatch(before) and _PAST.search(rest.split()[0])
    return not telegram and not _CAUSATIVE.search(before)


def is_of_the_sim(text: str, hit: Hit) -> bool:
    """Whether what was put back is the SIM: it is named, or was spoken of last."""
    named = list(_PULLED.finditer(text, 0, hit.end))
    return bool(named) and named[-1].group("sim") is not None


def _merely_is(text: str, hit: Hit) -> bool:
    """Whether the words tell how things are: "on and off since Monday", "£14 of roaming on it"."""
    said, after = text[hit.start : hit.end], text[hit.end :]
    if hit.slug == "restart" and _ON_AND_OFF.fullmatch(said):
        return bool(_LASTS.match(after))
    if hit.slug == "roaming_on":
        return bool(_ON_SOMETHING.match(after)) and said.lower().endswith("on")
    return hit.slug == OTHER_DEVICE and bool(_STOPPED.search(said))


def _alone(text: str, hit: Hit, clause: tuple[int, int], sentence: tuple[int, int]) -> bool:
    """Whether a step is all that a clause says, among others: "5G off, VPN off, nothing"."""
    if _TICKED.match(text[hit.end :]) and not text[clause[0] : hit.start].strip(" \n.,"):
        return True
    if hit.slug in NAMED_OTHERWISE or hit.weight < ALONE or text[sentence[1] :][:1] == "?":
        return False
    rest = text[clause[0] : hit.start] + text[hit.end : clause[1]]
    said = clause[1] - clause[0]
    return len(_FILLING.sub("", rest)) == 0 and said < len(text.strip()) - said


def listed(
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
        and _JOINED.search(text, min(hit.end, other.end), max(hit.start, other.start))
        for other in near
    ):
        return False
    return was_done(text, hit, around(spans, hit.start), line, answering=True)


def is_denied(before: str, whole_before: str) -> bool:
    """Whether the words before a step, in its clause and in its sentence, say that it was not done."""
    return _negated(before, whole_before) or bool(_INTENDED.search(before))


def _negated(before: str, whole_before: str) -> bool:
    """Whether a "not" reaches the step: in its clause, or earlier in a list that it began."""
    for match in _NEGATED.finditer(before):
        after = before[match.end() :]
        reach = INABILITY_REACH if _INABILITY.fullmatch(match.group()) else NEGATION_REACH
        if len(after.split()) <= reach and not _TURN.search(after):
            return True
    head = re.search(r"\b(?:haven'?t|havent|have not|didn'?t|did not|not yet|never) (?:\w+ )?(?:tried|done|restarted|reset|rebooted|\w+ed)\b(?P<rest>.*)\Z", whole_before, re.IGNORECASE | re.DOTALL)  # fmt: skip
    return bool(head and re.fullmatch(r"[^.;:]*(?:\bor\b|\bnor\b)[^.;:]*", head.group("rest") or "", re.DOTALL) and not re.search(r"\bbut\b|\bi (?:did|have)\b", head.group("rest"), re.IGNORECASE))  # fmt: skip
