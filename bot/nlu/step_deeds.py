"""Steps that have no name of their own: "re-pushed the profile", "tried a different keyboard".

A verb that people use of devices, in the past, at the head of a clause, says that something was done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.step_phrases import DONE, Hit

OTHER, RESTART, REINSERT_SIM, RESET_ROUTER = "other", "restart", "reinsert_sim", "reset_router"
# The fewest words that tell what was done.
FEWEST_WORDS = 2
_LEAD = r"(?:(?:and|then|also|so|but|even|i|we|i'?ve|we'?ve|have|had|having|already|just|only|my \w+|she|he|has|him|her|tried to|now|first|next|again|after that|both|plus|yes|ok|as well as)\s+)*"
_DEED = (
    r"un-?(?:ticked|paired|installed|plugged|linked|locked|blocked|registered|checked|muted|mounted|screwed)|"
    r"re-?(?:ticked|pushed|linked|joined|sent|connected|entered|typed|registered|recorded|flashed|activated|added|authenticated|synced|mounted|wired|configured|imported|downloaded|loaded|ordered|seated|fitted|started|enabled|checked|calibrated|indexed|built|opened|applied|saved|done)|"
    r"toggled|cleared|wiped|emptied|deleted|uninstalled|disabled|enabled|tightened|formatted|tweaked|adjusted|swapped(?! to| over)|replaced|cleaned|disconnected|dried|force[- ]?(?:closed|stopped|quit)|factory[- ]?reset|reset (?=it\b|everything|the (?:thing|lot)|both)|flashed|sideloaded|downgraded|rolled back|muted|unmuted|ticked|unticked|switched (?:off|on|from|between)|turned (?:off|on|up|down)|set (?:the|my|it|up) \w+ (?:to|as|on|off)|"
    r"(?:turned|switched|put|set|knocked|flipped|flicked|ticked) (?:(?!£|\d)[\w'-]+ ){1,3}(?:off|on|down)\b(?! (?:my|the|a|your|it|to)\b)|renamed|re-?named|(?:gave|granted|allowed) (?:it |the app )?(?:all )?(?:the |its )?permissions?"
)
# Verbs of all sorts of things, which tell of a step among others only: "restarted, changed the channel".
_AMONG_OTHERS = r"changed|moved|split|bought|ran|run|opened|entered|selected|picked|removed|installed|added|edited|borrowed|stuck|pressed|held|scanned|set|flipped|flicked|rolled|logged|checked|updated|upgraded|followed|unscrewed|shifted|switched|turned|swapped"
_TRIED = (
    r"(?:tried|tested|trying|experimented with|had a go (?:with|at|of)|messed (?:about |around )?with|played (?:about |around )?with|fiddled (?:about |around )?with)\s+"
    r"(?!to\b|again\b|and\b|calling\b|ringing\b|phoning\b|contact|email|e-mail|speak|text|paying\b|logging\b|topping\b|sending\b|everything\b|it\b(?!\s+(?:in|on|with|without|via|over|at))|that\b|this\b|them\b|you\b|your\b|ur\b|several\b|\w+ times|for\b|so\b|but\b|all\b|getting\b|explain|report|ask|talk|chat|buy|order|renew|cancel|complain|once\b|twice\b|thrice\b|\d)"
)
_SWITCHED_IT = re.compile(
    r"(?:turned|switched|powered) (?:it|(?:the|my) (?:phone|thing|mobile|tablet)) (?:off|on)\b",
    re.IGNORECASE,
)
_CLEANED_IT = re.compile(r"(?:cleaned|wiped|dried|rubbed|blew on|blown on) (?:it|them|the (?:chip|contacts))\b", re.IGNORECASE)  # fmt: skip
_ROUTER = re.compile(r"\b(?:router|hub|modem|mi-?fi|dongle|box)\b", re.IGNORECASE)
# Behind another step only what says of which thing: "changed the channel", not "added again".
_WITH_OBJECT = re.compile(r"\w+(?:ed|ung|an|un|t|ck)\s+(?:the|my|an?|its|our|all(?: the)?)\s+(?!\w*(?:fault|problem|issue)\b)\w{3}", re.IGNORECASE)  # fmt: skip
_AND = re.compile(r"\s(?:and|&|\+|then|plus)\s+(?=\w)", re.IGNORECASE)
_SIM = re.compile(r"\bsims?\b", re.IGNORECASE)
_ANY = re.compile(rf"\b(?:{_DEED}|{_TRIED})", re.IGNORECASE)
_HEAD = re.compile(rf"\A[\W\d]*{_LEAD}(?:(?P<deed>{_DEED})|(?P<tried>{_TRIED}))(?=\W|\b)(?P<rest>[^\n]*)", re.IGNORECASE)  # fmt: skip
_ONE_OF_SEVERAL = re.compile(rf"\A[\W\d]*{_LEAD}(?P<deed>{_AMONG_OTHERS})\s+(?!(?:to|over to|from|in|out)\b)[\w']+", re.IGNORECASE)  # fmt: skip
_DONE_AMONG_OTHERS = re.compile(r"\A\W*(?:and |the |my |both |all )*(?P<what>(?!(?:they|you|he|she|it|i|we|who|please|can|could|nothing|none|nobody|no|not)\b)(?:(?!(?:want|need|like|get|having|should|be|to|has|have|it|nothing|not|never|phone|number|sim)\b)[\w'-]+ ){1,4}?)(?:(?:was|were|is|been|got) )?(?P<deed>reinstalled|updated|removed|run|changed|moved|disabled|refitted|tested|tried|re-?set|(?:off|down|disabled|enabled|unticked)(?=\W*\Z))\b[^\n]{0,30}\Z", re.IGNORECASE)  # fmt: skip
_PASSIVE = re.compile(
    r"\A\W*(?:and |the |my |both )*(?P<what>(?!(?:they|you|he|she|it|i|we|who|please|can|could)\b)(?:(?!\b(?:want|need|like|get|having|should|be|to)\b)[\w' -]){2,30}?)\s+(?:(?:was|were|is|are|has been|have been|been|got)\s+)?(?P<deed>re-?(?:pushed|linked|connected|registered|flashed|activated|added|configured|loaded|seated|applied|done)|tightened|cleared|wiped|swapped|replaced|cleaned|toggled)\b(?P<rest>[^\n]{0,40})\Z",
    re.IGNORECASE,
)
_NOT_A_DEED = re.compile(
    r"\b(?:account|bill|contract|tariff|plan|price|payment|direct debit|money|order|address|name|charge|charges|fee|you|your|by mistake|by accident|accidentally)\b",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"\b(?:when|whenever|if|after|since|once|because|as soon as|until|before|you|they|it|which|that|who|not|never|n't|haven'?t|didn'?t|can'?t|couldn'?t)\b",
    re.IGNORECASE,
)


def deeds(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """What was done in those clauses in which no known step is named; each of weight `DONE`."""
    if not hits and not _ANY.search(text):
        return []
    found = []
    lines = sentences(text)
    for start, end in clauses(text):
        named = [hit for hit in hits if start <= hit.start < end or start < hit.end <= end]
        behind = bool(named)
        if named:
            start = _behind(text, max(hit.end for hit in named), end)
        if start >= end:
            continue
        clause = text[start:end]
        line = around(lines, start)
        among_others = any(line[0] <= hit.start < line[1] for hit in hits)
        first = _first(clause, among_others)
        if first is None:
            continue
        said = clause[first:].strip(" .,!?")
        if behind and not _WITH_OBJECT.match(said):
            continue
        if len(said.split()) < FEWEST_WORDS or _NOT_A_DEED.search(said) or _NOT_MINE.search(clause[:first]):  # fmt: skip
            continue
        slug = _slug(said, text, start)
        begin = start + first
        word = clause[first:].split()[0]
        found.append(Hit(slug, begin, begin + len(said), DONE, word, begin + len(word), begin + len(said)))  # fmt: skip
    return found


def _behind(text: str, start: int, end: int) -> int:
    """Where the next deed may begin in a clause behind the steps it names: at its last "and"."""
    joints = list(_AND.finditer(text, start, end))
    return joints[-1].end() if joints else end


def _first(clause: str, among_others: bool) -> int | None:
    """Where a deed begins in a clause; among_others: its sentence names other steps."""
    match = _HEAD.match(clause)
    if match is not None:
        return match.start("deed") if match.group("deed") else match.start("tried")
    match = _PASSIVE.match(clause)
    if match is None and among_others:
        match = _ONE_OF_SEVERAL.match(clause)
        if match is not None:
            return match.start("deed")
        match = _DONE_AMONG_OTHERS.match(clause)
    return None if match is None else match.start("what")


def _slug(said: str, text: str, start: int) -> str:
    """The step, where "it" is what the text speaks of."""
    if _SWITCHED_IT.match(said):
        return RESTART
    if re.search(r"\breset\b", said, re.IGNORECASE) and _ROUTER.search(text):
        return RESET_ROUTER
    return REINSERT_SIM if _CLEANED_IT.match(said) and _SIM.search(text, 0, start) else OTHER
