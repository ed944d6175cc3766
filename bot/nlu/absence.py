"""Whether an answer says that there is none: no error message, nothing tried.

People say so in more ways than could be listed. What they have in common is a no beside a word for
the thing itself, or beside a verb of having or showing that has no other object. Pure.
"""

from __future__ import annotations

import re

_NOT = (
    r"(?:(?:do|does|did|have|has|had|is|was|are|were|can|could|would)(?: ?n['o]?t|nt| not)|(?:ai|ca|wo)n'?t"
    r"|cannot|not|never|no)"
)
_HARDLY = r"(?:(?:really|actually|even|just|ever|yet|currently|to|be|been|able|got|had|me|us) )*"
_THING = (
    r"(?:(?:specific|particular|actual|real|such|single|kind of|sort of|type of|form of) )*"
    r"(?:error|message|code|warning|text|words?|notification|notice|alert|pop ?up)s?(?: ?(?:message|code|text)s?)?"
)
_ANY = rf"(?:any|one|ones|any(?: one| ?thing)(?: at all)?|an?|something|a thing|(?:an? |any |the )?{_THING})"
_NOTHING = r"(?:nothing|none|nowt|nada|nil|zilch|zip|neither|nought)"
_END = r"(?=\W*(?:\Z|[.,;!?\n-]|(?:and|but|just|only|it|on|at|so|that|when|yet|apart|except|for|to|or|whatsoever|there|here|thanks?|thank you|please|sorry|love|mate|dear|ffs|i think|i believe|as far as)\b))"
_OPENING = r"\W*(?:(?:no+|nope|nah|well|oh|um+|er+|hm+|sorry|so|ok|there|there's|theres|i|we|it|he|she|they|you|that|the|phone|screen|app|is|was|has|'s|'ve|am|afraid|honestly|really|just|but|dear|love|mate|to be honest|as far as i (?:know|can see|can tell)|my answer to your question is|you asked for it)\b[\W]*)*"

_SHOWS = r"(?:(?:say|show|give|display|tell|come|pop|appear|read|see|get|notice)(?:s|ing|p?ed)?|have|find|spot|seen|saw|shown|got|giving|getting|coming)"
_SHOWING_NONE = re.compile(
    rf"\W*(?:no+(?:pe)?|nah)\s*[,.;-]\s*(?-i:[a-z]+)\W*\Z|{_OPENING}(?:"
    rf"(?:{_NOT}|without|zero) (?:an? |any )?{_THING}(?: {_SHOWS}(?: up)?)?{_END}"
    rf"|(?:{_NOT} )(?:{_HARDLY}){_SHOWS}(?: me| us| up)?(?: with)?(?: {_ANY})?{_END}"
    rf"|(?:{_NOT} )(?:any|one){_END}"
    rf"|(?:do|does|did|have|has|had|is|was|are|were)(?:n't|nt| not)\W*\Z"
    rf"|{_SHOWS}(?: me| us| up)? (?:{_NOTHING}|no {_THING}){_END}"
    rf"|{_NOTHING}(?: at all| whatsoever)?(?: {_SHOWS})?(?: up)?{_END}"
    r")",
    re.IGNORECASE,
)
_TRYING = r"(?:try|tried|trying|do|done|doing|did|touch(?:ed)?|attempt(?:ed)?|start(?:ed)?|got (?:round|around) to)"
_TRIED_NONE = re.compile(
    rf"{_OPENING}(?:"
    rf"(?:{_NOT}) (?:{_HARDLY}){_TRYING}(?: (?:any ?thing|a thing|any|much|it|one|any of (?:that|it|those))(?: at all)?)?(?: yet| so far| myself)?{_END}"
    rf"|{_TRYING} {_NOTHING}(?: yet| so far| at all| whatsoever)?{_END}"
    rf"|(?:{_NOTHING}|not a thing)(?: yet| so far| at all| whatsoever| really)*{_END}"
    r")",
    re.IGNORECASE,
)
_SAYS_NONE = {"error_message": _SHOWING_NONE, "steps_tried": _TRIED_NONE}  # fmt: skip
# A few words before the answer that are none of it: "bloody hell, none".
_OUTCRY = re.compile(rf"\W*(?:(?!{_SHOWS}\b|{_THING}\b)[a-z']+\W+){{0,2}}(?!{_SHOWS}\b|{_THING}\b)[a-z']+[.,:;!?]+\s+", re.IGNORECASE)  # fmt: skip
# What an answer begins with and cannot end with.
_ONLY_BEGUN = re.compile(
    r"\W*(?:(?:it|its|it's|that|that's|is|so|ok|okay|right|well|um+|er+|hm+|the|my|a|an|would|be|then|and|this|answer|let me see|here)\b\W*)*",
    re.IGNORECASE,
)


def says_none(field: str, text: str) -> bool:
    """Whether `text`, an answer to the question about `field`, begins by saying that there is none."""
    pattern = _SAYS_NONE.get(field)
    said = text.replace("’", "'")
    first = _OUTCRY.match(said)
    return bool(pattern and (pattern.match(said) or (first and pattern.match(said, first.end()))))


def has_only_begun(text: str) -> bool:
    """Whether an answer stops before its point: "it's", "ok so"."""
    return bool(_ONLY_BEGUN.fullmatch(text))
