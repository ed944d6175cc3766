"""What happened when a problem began: "since the storm", "after I dropped it", "ever since day one"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.dates import ABOUT, COUNT, UNIT, WHEN

SHORTEST = 9
_NEAR = r"(?:about |around |roughly |like |maybe |on |at |late |early )*"
# "since Friday", "since two days" are told by dates; "since I can't", "since nobody answers" tell why.
_NO_OCCASION = (
    rf"(?!{_NEAR}(?:{WHEN})(?!\w)(?!['’]?s\b| update| upgrade)|{ABOUT}{COUNT}\s+{UNIT}\b(?! update| upgrade)|then\b|that\b(?= (?:time|day|point)\b|\W)|"
    r"(?:i|we|you|they|it|he|she|ye)(?:'m|'re|'s| am| are| is| can(?:'?t|not)?| need| want| have to| pay| don'?t| know| think| live| work| use| obviously| clearly)\b|"
    r"(?:nobody|nothing|none|not|there'?s|no(?! longer)|its|it's)\b)"
)
_REST = r"(?:[^.,;!?\n()–—\"“]|\.(?=\d)){0,60}"
# "When I leave the house", "when the phone rings": again and again, no beginning.
_HABIT = (
    r"(?:(?:i|we|you|they)(?:'?m| am| are| (?:leave|go|get|try|use|call|ring|open|want|need|do|walk|drive|answer|turn|plug|make|send|move|come|step|sit|click|press|dial|connect|switch))\b"
    r"|(?:(?:the|my|an?) \w+|it|someone|anyone|somebody|he|she) (?!was|has|is)\w+[^s\W]s\b)"
)
_SINCE = re.compile(
    rf"\b(?:(?:ever )?(?:since|sinse|sinc)|(?:right|straight|just|shortly|immediately|soon|directly) after|(?:began|started|start) (?:with|from|following))\s+(?P<event>{_NO_OCCASION}\w{_REST})",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"\b(?:(?:start(?:ed|s)?|begins?|began|begun|happens?|happened|stopped|noticed|came on|went(?: \w+)?|broke|died|packed (?:in|up)|gave up|cut out|disappeared|vanished|appeared|failed|this is)(?: \w+){{0,2}}? (?:after|when|once|the (?:day|minute|moment|second|week)(?: that)?)|from (?:the )?(?:day|moment|minute|second)(?: that)?|as soon as(?= \w+ (?:\w+ed|got|went|put|took|came|left|swapped|set|began)\b))\s+"
    rf"(?P<event>(?!{_HABIT}|{_NEAR}(?:{WHEN})\s*(?:[.,;!?]|\Z))(?:the|my|your|our|an?|that|this|last(?:est)?|i|we|you|it|they|he|she|there|\w+ing|day|new|yous?|ye|(?-i:[A-Z][a-z]+))\b{_REST})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?P<whole>(?:after|following|with|post) (?:the |an? |my |your |i (?:did |installed |ran |had )(?:the |an? )?|installing (?:the |an? )?)?(?:last |latest |recent |new |software |firmware |ios |android |system |security |big |(?:last )?night'?s? |yesterday'?s? |(?:one ui|miui|hyperos|ios|android|watchos|ipados|windows) [\d.]+ |\w+day'?s? )*(?:update|upgrade|storm|storms|gales|flood\w*|snow|power ?cut|lightning|sim swap|software update|contract change|outage|move|swap|switch|drop|fall|crash|restart|reset|port|transfer|maintenance|works?)\b(?: to [\w. ]{2,20}| (?:last|yesterday|on) (?!my|the|this|our|it|your)\w+)?)\b",
    re.IGNORECASE,
)
_MISHAP = re.compile(
    r"\b(?P<whole>after (?:(?:i|we|it|he|she|you|(?:my|the|your|our|his|her) \w+) (?:\w+ )?(?:dropped|fell|sat|broke|ported|upgraded|updated|joined|came|got|went|put|took|landed|spil[tl]ed|spilt|renewed|left|was|ended|expired|moved|switched|swapped|changed(?: hands)?)|being)\b[^.,;!?\n()]{0,40})",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:fine|ok|okay|perfectly|well|normally|worked|working|great|grand|perfect|fast|al(?:l )?right|sound|brill(?:iant)?|no (?:problems?|issues?|bother|trouble)|a problem|an issue)\b[^.!?,;]{0,20}\b(?:until|untill|till|til|before) (?P<event>(?:the|my|i|we|you|ye|yous|it|they|windows|ios|android|one ui)\b(?:[^.,;!?\n()]|\.(?=\d)){2,60})", re.IGNORECASE)  # fmt: skip
# From the very beginning, which is an occasion too.
_ALWAYS = re.compile(
    r"\b(?P<whole>(?:for )?as long as i(?:'?ve| can| have)\b[^.,;!?\n]{3,30}|(?:right )?from (?:the (?:off|start|outset|get[ -]?go|very (?:start|beginning))|day (?:one|1|dot))|since (?:day (?:one|1|dot)|new\b)|(?:has |have |it'?s |its )?(?<!one i've )(?<!one ive )(?<!one i have )always (?:been|had|done|has|was)(?! a (?:loyal|good)| with| on time| loyal))\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s+(?:and|but|so|which|(?:the|my|our) (?:phone|internet|signal|data|wifi|esim|sim|calls|texts|app|hub|router) (?:is|has|won'?t|keeps|does|doesn'?t|just|stopped|are|aren'?t|isn'?t|went|cuts|drops)|"
    r"nothing|nobody(?:'s)?|no (?:signal|service|data|internet|calls?|texts?|network)|it(?:'s| is| has| keeps| just| won'?t)|i (?:can'?t|cant|get|have no|haven'?t|am|keep)|we (?:can'?t|get|have no)|there(?:'s| is))\b",
    re.IGNORECASE,
)


def occasions(text: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, how sure from 0 to 1) of each, with the word that leads to it ("since", "after")."""
    for pattern in (_SINCE, _WHEN, _UNTIL):
        for match in pattern.finditer(text):
            start = match.start("event") if pattern is _UNTIL else match.start()
            cut = _END.search(match.group("event"))
            end = match.start("event") + (
                cut.start() if cut else len(match.group("event").rstrip())
            )
            if end - start > SHORTEST:
                yield start, end, 0.8
    for pattern in (_AFTER, _MISHAP, _ALWAYS):
        for match in pattern.finditer(text):
            cut = _END.search(text, match.start(), match.end())
            yield match.start(), cut.start() if cut else match.end(), 0.7
