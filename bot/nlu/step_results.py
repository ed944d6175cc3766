"""What came of a step: nothing, something for a while, or the solution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu.clauses import around
from bot.nlu.step_phrases import Hit

# How far back "neither did" may stand, in characters.
REACH = 60
NO_CHANGE, WORKED, BRIEFLY = "no change", "worked", "helped briefly"
_NO_CHANGE = re.compile(
    r"\b(?:neither (?:of (?:them|these|those) )?(?:did|helped|worked|made|fixed|changed)(?: anything| a thing| any)?|no(?=[.;!]|\Z)|no diff(?:er)?|identical(?: results?)?|no (?:change|luck|joy|difference|effect|improvement|success|use|good|avail|better)|nothing(?: (?:changed?|changes|helped?|helps|worked|works|happens|happened|at all))?|"
    r"did(?:n'?t| not| nothing)(?: \w+)? ?(?:help|work|make (?:any|a) difference|change|fix|solve|do anything|do a thing|make it)?|does(?:n'?t| not) (?:help|work|make (?:any|a) difference|change|fix|do)|"
    r"(?:the )?same(?: (?:thing|problem|issue|result|error|message|again))?|to no avail|without success|made no difference|makes no difference|still (?:the same|nothing|no|not|says?|get|getting|have|doesn'?t|isn'?t|won'?t|can'?t|broken|there|dead|down)|"
    r"not (?:helped?|worked|fixed)|none (?:of (?:it|that|them|these|this|those)|worked|helped)|hasn'?t (?:helped|worked|changed|fixed)|haven'?t (?:helped|worked)|failed|useless|zilch|nada|nope|no (?:good|odds|dice|cigar|further forward)|nowt|not a (?:thing|sausage)|(?:sod|bugger|naff) all|won'?t work|zero|unchanged)\b",
    re.IGNORECASE,
)
# "Neither did a factory reset", "nor has a new SIM", "neither a reboot nor a new SIM helped".
NEITHER = re.compile(
    r"\b(?:(?:neither|nor) (?:did|has|have|does|do|would) |neither (?:an? |the |my )|neither [^.!?]{1,40}\bnor )(?:\w+ ){0,3}\Z",
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


def result(text: str, hit: Hit, hits: Sequence[Hit], lines: list[tuple[int, int]]) -> str | None:
    """What came of the step: said before the next step, or of a whole list at its end."""
    if NEITHER.search(text, max(0, hit.start - REACH), hit.start):
        return NO_CHANGE
    following = [other for other in hits if other.start > hit.start]
    sentence = around(lines, hit.start)
    later = [line for line in lines if line[0] >= sentence[1]]
    limit = later[0][1] if later else sentence[1]
    own_end = min([following[0].start if following else limit, limit])
    own = outcome(text[hit.end : own_end])
    if own or not following:
        return own
    last = following[-1]
    for other in following:
        between = outcome(
            text[other.end : min([h.start for h in hits if h.start > other.start] or [limit])]
        )
        if between:
            return between if between == NO_CHANGE else None
        last = other
    sentence = around(lines, last.start)
    later = [line for line in lines if line[0] >= sentence[1]]
    shared = outcome(text[last.end : later[0][1] if later else sentence[1]])
    return shared if shared == NO_CHANGE else None


def outcome(words: str) -> str | None:
    first = [(match.start(), name) for pattern, name in ((_BRIEFLY, BRIEFLY), (_NO_CHANGE, NO_CHANGE), (_WORKED, WORKED))
             if (match := pattern.search(words))]  # fmt: skip
    return min(first)[1] if first else None
