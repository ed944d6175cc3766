"""Error messages: quoted, introduced by "it says", codes, and strings that devices are known to show.

The words are kept as they were said; the code of a known string is beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot.content.records import KnownError
from bot.nlu import speakers
from bot.nlu.found import Found, overlaps

ERROR_MESSAGE = "error_message"
_QUOTED = re.compile(
    r"\"(?P<a>[^\"\n]{2,160})\"|“(?P<b>[^”\n]{2,160})”|«(?P<c>[^»\n]{2,160})»|(?<!\w)['‘](?P<d>(?:[^'’\n]|['’](?=\w)){2,160})['’](?!\w)|`(?P<e>[^`\n]{2,160})`"
)
_SHOWS = re.compile(
    r"\b(?:says?|saying|said|shows?|showing|showed|error(?: message| code)?s?|message|msg|pop(?:s|ped|ping)?[ -]?up|display(?:s|ed|ing)?|reads?|writ(?:es?|ten|ing)|wrote|tells?|told|hear[sd]?|"
    r"come(?:s)? up|came up|goes|going|go|keeps?|stuck|get(?:s|ting)?|got|see(?:ing)?|states?|stating|tells me|telling me|flash\w*|appears?|prompt\w*|notification|warning|banner|screen|froze on|freezes on|giving me|gives me|play(?:s|ed|ing)?|chucks|throws|threw|(?:was|is|been|its|it's|just) like|(?:it'?s|its) (?:been|just|now)|(?:stays|sits|left|frozen) on)\b",
    re.IGNORECASE,
)
# "'…' it keeps saying", "'…' comes up".
_SHOWN_AFTER = re.compile(
    r"[\"'”’.!,]*\s*(?:is what )?(?:(?:is |are )?(?:all |what )?(?:it|the (?:phone|screen|app|router|display|page|website))(?: just| only| keeps?| always| still)* (?:say|show|read|display|tell|come|give|get|flash)\w*|(?:just |keeps? |always |then )*(?:comes?|came|coming|pops?|popped|popping|shows?|showing|appears?|appeared|flash\w*) (?:up|on|every|when|in|at|again)|(?:error|message|msg|pop ?up|warning)\b)",
    re.IGNORECASE,
)
# What is quoted as a whole sentence is a message, unless a person or an offer is quoted.
_SENTENCE = re.compile(
    r"[A-Z0-9][\w’'/-]*(?:[\s,.:!]+[\w’'/(-]+){2,}"
    r"|(?=.*\b(?:not|unable|failed|failure|error|invalid|cannot|can't|couldn't|please|denied|unavailable|declined|try again|unknown|expired|locked|blocked|unsupported)\b)"
    r"[\w’'/-]+(?:[\s,.:!]+[\w’'/(-]+){2,}",
)
_TITLE = re.compile(r"\b(?:called|named|titled|plan|tariff|bundle|offer|subject|advert\w*|ad|slogan|claim\w*|deal|app|game|promis\w*|clause|section|sign(?:ed)? up (?:to|for)|subscribed? to|(?<!get )(?<!gets )(?<!got )(?<!shows )(?<!with )(?:my|your|the|a|an)|add|option|feature|setting|button)\W{0,3}\Z", re.IGNORECASE)  # fmt: skip
_SAYS = re.compile(
    r"(?P<subject>\b[\w'’]+\s+(?:\w+\s+)?)?(?:(?<=\W)|^)"
    r"(?:(?:just |only |keeps? |kept |now |always |still |then |also |constantly |suddenly )*"
    r"(?:says?|saying|said|reads?|states?|stating|displays?|displaying|displayed|shows?|showing|showed|flashes|flashing|"
    r"(?:comes?|came|coming) up(?: with| saying| as)?(?! (?:at|again|to|for|and|in|on|every|all|any|anymore|after|from|now|sometimes|randomly|until|blank|when|if|whenever|each|with|but|or|then|the same|as|so)\b)|pops? up with|popped up with|popping up|tells me|telling me|gives me|giving me|gave me|(?:throws|throwing|threw|chucks|spits)(?: up| out| back)?|(?:(?:stuck|stays|spins|spinning|hangs|hanging|sits|sitting) on|(?:stuck|freezes|frozen|stops|hangs) at)(?= (?-i:[A-Z])[a-z])|"
    r"(?:i|we) (?:just |now |only |always |keep |then )*(?:get|got|getting|see|seeing|am getting|'m getting) (?:an? |the |this |that )?(?:\w+ )?(?:error|message|msg|warning|pop ?up|notification)(?: message| code)?(?: (?:of|that|which|saying|stating|reading|says|with))*"
    r"))\b\s*(?:me\s)?(?:an? |the )?(?:(?:error|message|msg|pop ?up|warning)(?: message)?(?: (?:that|saying|of|which says|reading))?\s*)?(?:that\s)?[:\-–]?\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:messages?|msg|errors?|warnings?|notifications?|pop-?ups?|alerts?|banner)(?: (?:come|comes|came|pops?|popped|keeps? coming)(?: up)?)? (?:about|regarding|telling (?:me|us)(?: that)?|warning (?:me )?(?:that|about)|to (?:say|tell me)(?: that)?|along the lines of|something like)\s+(?:how )?"
    r"|\b(?:error|msg|message)\s+(?=(?-i:[A-Z])[A-Za-z]+ [a-z]+ [a-z])"
    r"|\b(?:i|we)(?:'?m| am| keep| just| always| then)* (?:get(?:ting)?|got|being) told(?: that)?\s+(?=there|no |my |your |the |this )"
    r"|(?<!\bno )\b(?:(?:error|err|fault) ?(?:message|msg|code|text)?(?: shown| displayed)?|(?:message|msg) (?:shown|displayed)(?=\s*[:=-])|(?:the|this|a|an) (?:error )?message|message|(?:banner|notice|notification|alert|warning|pop-?up)(?=\s*[:=]))\s*(?:(?:is|was|reads|says|states|that (?:says|reads)|which (?:says|reads)|i get is|i see is|i'm getting is|saying|of(?! any\b))\s*[:\-–]?|[:=\-–])\s*",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<!sort )(?<!post )(?<!area )(?<!dial )(?<!qr )(?<!pac )(?<!puk )(?<!pin )(?<!promo )(?<!unlock )(?<!country )\b(?:error|err|fault|code|status)(?:\s*(?:code|number|no\.?|message))?\s*(?:is|was|:|#|-)?\s*(?P<code>(?:0x[0-9a-f]{3,}|[A-Z]{1,5}[-_]?\d{1,6}(?:[-_.]\d+)*|\d{2,6}))\b(?!\s*(?:times|days|hours|weeks)|-\d)"
    r"|\b(?P<named>(?:ERR|DNS|NET|SSL)_[A-Z_]{4,}\w*|MM ?# ?\d|0x[0-9A-Fa-f]{6,8}|ER0\d|REG9\d)\b|(?P<mm>\bMM ?# ?\d)",
    re.IGNORECASE,
)
# What is shown ends where the customer goes on speaking.
_GOES_ON = re.compile(
    r"[.!?…](?=\s|$)|[\n;,)(]|\s(?:[-–—]+|/)\s|(?<!\btry)\s+(?=(?:and(?! try)|but|so|when|whenever|since|even|every|each time|after|before|while|although|though|on my|on the (?:screen|phone|app|router|mifi|hub|site|website|display|page|\w+ page)|on it|in the|at the|"
    r"if|as soon|because|then|all the|for (?:the|about|over|a|two|three|\d)|from|yesterday|today|now|again|instead|which|what|why|i(?:'m|'ve)?|my|please(?! (?:try|check|insert|contact|restart|enter))|pls|any|again and|where|at top|up top|despite|with|until|constantly|ever since|this|is there|do)\b)",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"\s+(?:at|on|in|the|a|an|all|or|and|to|of|is|it)\Z", re.IGNORECASE)
_STATUS_ONLY = re.compile(
    r"(?:(?:a |an )?(?:solid |bright |slow |rapid |steady )*(?:red|amber|orange|green|blue|white|yellow|purple|pink)\b.*|(?:only |just |about )?\d+(?:\.\d+)? ?(?:mbps|meg(?:s|abits?)?|mb/?s|gb|mb|%|bars?|kbps|ms)\b.*|(?:full|one|two|three|four|1|2|3|4|no) (?:bars?|signal)|[345]g|lte|e|h\+?|"
    r"(?:delivered.*|on (?:the|my|a) (?:box|back|side|sticker|label|bill|website|map|front|tin).*|(?:mid|early|late|about|around|since)\b.*|dispatched|paid|unpaid|pending|processing|active|cancelled|my|your|the|a|an|up|on|it|this|that|nothing|something(?: (?:different|else|like that))?|itself.*|themselves.*|nowt|owt|out|shown|down|thank(?:s| you).*|\d+(?:\.\d+)? (?:down|up)\b.*|articles?|links?|\d+ ?gb used.*|the same.*|same.*|then .*|blank.*|(?:[\w']+ )?(?:page|bit|section)|(?:black|white|dark) .*|so|no error.*|i|an? (?:error|message).*)|(?:that )?(?:i|it|you)(?:['’]\w+)?(?: .*|\Z)|(?:he|she|they|we(?! (?:could\w*|can\w*|don|are (?:unable|having|sorry)|were unable|have)\b|['’]re (?:having|unable|sorry)))(?:['’]\w+)?(?: .*)?|(?:the |your )?(?:bot|agent|advis[eo]r|website|leaflet|letter|e-?mail|man|lady|guy).*|[\d -]{5,}|[£$€]?\d+(?:[.,]\d+)*p?|£.*|to .*|as .*|full.*|connected|on its way|(?:all|everything)(?: \w+)? ?(?:fine|ok|okay|good|normal|working|up)|none|n/?a|no (?:error )?messages?|fine|ok|good|(?:it'?s|its|that'?s|it is)(?: .*)?|[\w ]*\b(?:lights?|led)\b.*)\Z",
    re.IGNORECASE,
)
# "Your payment was unsuccessful it says": the words come first.
_POSTPOSED = re.compile(
    r"(?:^|[.,;!?\n]\s*|\bbut\s|\band\s|\bwith\s)(?P<said>(?!(?:can['’]?t|cannot|could ?n[o']t|not|no) (?:remember|recall|say|tell|see|read|think|sure|idea|be sure|quite)\b)(?:your|the|this|sim|unable|cannot|can'?t|could ?n[o']t|error|no|not|invalid|please|network|service|call|message|something|oops|sorry|payment|card|account|code|wrong|incorrect|failed|access|number|connection|e-?sim)\b[^.,;!?\n]{4,80}?)"
    r",? (?:is what )?(?:it|the (?:phone|screen|app|site|website|page|machine|voice|router))(?: just| only| keeps?| always| then)* (?:says?|said|saying|reads|tells me|told me|shows?|comes up with)\b(?=\W*(?:\Z|[.,!?;\n]|(?:and|but|every|when|even|used|whenever|each)\b))",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(r"\b(?:what|which|how|if|that|when|as)\Z", re.IGNORECASE)
# "£9.99 for 'Premium'", "18 GB used by 'Other'": what an amount is for.
_AMOUNT_OF = re.compile(r"(?:[£$€]\s?\d[\d.,]*|\bused|\bcharge\w*|\btaken)\s+(?:for|by|to)\W{0,3}\Z", re.IGNORECASE)  # fmt: skip
# "The other mailbox is full" tells what is, not what is shown.
_PART_OF_SPEECH = re.compile(r"\b(?:other|if|when|because|why|there'?s|there is|in the whole)\s+(?:the |my |a |is )*\Z", re.IGNORECASE)  # fmt: skip
# "I have no service" tells how it is; "the phone shows no service" what there is to read.
_HAVING = re.compile(r"\b(?:(?:i|we|you|he|she|they)(?:'?ve| have| had| has)(?: got| now| still| absolutely)?|there(?:'s| is| was|s)|having|with)\s+\Z", re.IGNORECASE)  # fmt: skip
# "Getting E-4012" where no word says what it is: letters and digits as codes have them.
_BARE_CODE = re.compile(
    r"\b(?:get(?:ting|s)?|got|giv(?:es|ing)(?: me)?|gave me|shows?|showing|says?|saying|sees?|with|up|threw|throws)\s+(?:an? |the |me )*(?P<code>[A-Z]{1,4}[-_]\d{3,5}|(?-i:[A-Z]{2,4})\d{3,5}|0x[0-9a-f]{4,8})\b",
    re.IGNORECASE,
)
# "The SIM isn't read any more" says nothing that can be read.
_PASSIVE = re.compile(r"(?:n'?t|\bnot|\bnever|\bbe|\bbeing|\bbeen)\Z", re.IGNORECASE)
# "It shows a padlock": a thing is seen, nothing is read.
_ICON = re.compile(r"\b(?:show\w*|display\w*|flash\w*)\s+(?:me\s)?an?\s+\Z", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:no|without(?: an?| any)?|(?:is|was)n'?t (?:an?|any)|not (?:an?|any)|"
    r"(?:does|did)(?:n'?t| not) (?:show|give|say|display)(?: me)?(?: an?| any)|"
    r"(?:don'?t|do not|didn'?t|haven'?t|not|never) (?:get|got|getting|see|seen|saw|had|have)(?: an?| any))"
    r"\s+(?:specific |particular |actual |real )?(?:error|warning)(?:s|(?: message| code| text)s?)?\b(?! (?:free|until|before))"
    r"|\bno message (?:is |was )?(?:shown|displayed|at all|on (?:the )?screen|of any (?:sort|kind|description))\b"
    r"|\bError(?: message)?s?\s*[:=-]\s*(?:none|no|n/?a|nothing)\b|\b(?:without|no) (?:any )?(?:error )?messages?(?: at all)?(?=\s*(?:[.,;!?)]|\Z))|\bit does(?:n'?t| not) (?:say|show) anything\b"
    r"|\bnothing (?:is |was |gets )?(?:displayed|shown|shows up|comes up|pops up|appears)\b",
    re.IGNORECASE,
)
LONGEST = 160
KNOWN = 0.85
# A code beside the words of a message is less than these.
CODED = 0.84
FEWEST_ANNOUNCED = 3
_LEADING = re.compile(
    r"^(?:that|like|something like|basically|literally|just|always|with)\s+", re.IGNORECASE
)


def says_no_error(text: str) -> bool:
    """Whether the customer says that no error message is shown."""
    return bool(_NONE.search(text))


class ErrorFinder:
    """Finds error messages; built once from the known strings."""

    def __init__(self, language: Language, known: Sequence[KnownError]) -> None:
        self._language = language
        self._codes: dict[str, str] = {}
        self._plain: set[str] = set()
        for error in known:
            for text in [*error.texts, *error.plain]:
                self._codes[self._key(language.make_doc(text))] = error.code
            self._plain |= {self._key(language.make_doc(text)) for text in error.plain}
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        self._matcher.add(
            "known",
            [language.make_doc(text) for error in known for text in [*error.texts, *error.plain]],
        )

    def find(self, doc: Doc, known: Sequence[Span]) -> list[Found]:
        """The error messages in the order said; known: the strings of ours in it."""
        text = doc.text
        found: list[Found] = []
        for item in [
            *_quoted(text, known),
            *_introduced(text),
            *_announced(text),
            *_postposed(text),
            *_coded(text),
            *self._shown(text, known),
        ]:
            if not any(overlaps(item, other) for other in found):
                found.append(item)
        return [self._with_code(item, known) for item in sorted(found, key=lambda item: item.start)]

    def code(self, known: Sequence[Span]) -> str | None:
        """The code of the longest of known strings."""
        return self._codes[self._key(max(known, key=len))] if known else None

    def known(self, doc: Doc) -> list[Span]:
        """The strings that devices are known to show, in a text."""
        return list(filter_spans(self._matcher(doc, as_spans=True)))

    def _shown(self, text: str, known: Sequence[Span]) -> Iterator[Found]:
        for span in known:
            before = text[max(0, span.start_char - 40) : span.start_char]
            capital = (
                span.text[:1].isupper()
                and before.strip() != ""
                and before.rstrip()[-1:] not in ".!?\n"
            )
            named = capital and len(span.text.split()) > 1 and not text.isupper()
            shown = _SHOWS.search(before[-25:]) or _SHOWN_AFTER.match(
                text[span.end_char : span.end_char + 60]
            )
            if _PART_OF_SPEECH.search(before) or (
                span.text[:2].lower() == "no" and _HAVING.search(before)
            ):
                continue
            if named or shown or self._key(span) not in self._plain:
                yield Found(
                    ERROR_MESSAGE, span.start_char, span.end_char, span.text, span.text, KNOWN
                )

    def _with_code(self, item: Found, known: Sequence[Span]) -> Found:
        inside = [
            span for span in known if item.start < span.end_char and span.start_char < item.end
        ]
        code = item.extra.get("code")
        if inside:
            code = self._codes[self._key(max(inside, key=len))]
        return Found(
            item.entity,
            item.start,
            item.end,
            item.value,
            item.verbatim,
            max(item.confidence, KNOWN) if inside else item.confidence,
            {**item.extra, "code": code},
        )

    @staticmethod
    def _key(tokens: Doc | Span) -> str:
        return " ".join(token.lower_ for token in tokens if not token.is_space)


def _quoted(text: str, known: Sequence[Span]) -> Iterator[Found]:
    for match in _QUOTED.finditer(text):
        name = next(name for name, value in match.groupdict().items() if value)
        start, end = match.span(name)
        before = text[max(0, start - 60) : start]
        title = _TITLE.search(before)
        mostly = end - start > len(text) / 2 and " " in text[start:end] and not title
        after = text[end + 1 : end + 60]
        sentence = _SENTENCE.match(text[start:end]) and not title
        shown = _SHOWS.search(before) or _SHOWN_AFTER.match(after) or mostly or sentence
        if speakers.SENDER.search(before) or _AMOUNT_OF.search(before):
            continue
        if by_it := speakers.IT_SAYS.search(before) or speakers.STILL.search(before):
            shown = shown or by_it
        elif speakers.SAID_BY_PEOPLE.search(before) and not speakers.ANNOUNCED.search(before):
            shown = None
        if not shown and not any(start <= span.start_char < end for span in known):
            continue
        said = text[start:end].strip()
        yield Found(ERROR_MESSAGE, start, end, said, said, 0.95)


def _introduced(text: str) -> Iterator[Found]:
    for pattern, confidence in ((_LABEL, 0.85), (_SAYS, 0.75)):
        for match in pattern.finditer(text):
            subject = match.groupdict().get("subject") or ""
            if _PASSIVE.search(subject.rstrip() or text[: match.start()].rstrip()):
                continue
            if re.search(
                rf"\b(?:{speakers.PEOPLE})\b",
                subject + " " + text[max(0, match.start() - 12) : match.start()],
                re.IGNORECASE,
            ):
                continue
            if re.search(
                r"\b(?:nothing|never|ever|don'?t)\s*\Z",
                text[: match.start()] + subject,
                re.IGNORECASE,
            ):
                continue
            if _ICON.search(match.group()) or speakers.SOMEBODY.search(
                text[max(0, match.start() - 60) : match.end()]
            ):
                continue
            said = _what_follows(text, match.end())
            if said and not _STATUS_ONLY.match(said.strip(" '\"")):
                yield Found(
                    ERROR_MESSAGE, match.end(), match.end() + len(said), said, said, confidence
                )


def _announced(text: str) -> Iterator[Found]:
    """What callers hear instead of the person they call."""
    for match in speakers.ANNOUNCEMENT.finditer(text):
        if speakers.ANNOUNCED.search(text[max(0, match.start() - 60) : match.start()]):
            said = _what_follows(text, match.start())
            if len(said.split()) > FEWEST_ANNOUNCED:
                yield Found(
                    ERROR_MESSAGE, match.start(), match.start() + len(said), said, said, 0.8
                )


def _what_follows(text: str, start: int) -> str:
    leading = _LEADING.match(text[start:])
    if leading:
        return ""
    end = _GOES_ON.search(text, start)
    said = text[start : end.start() if end else len(text)][:LONGEST].rstrip(" .!?,'\"")
    said = _DANGLING.sub("", said)
    return said if len(said.split()) <= 14 and len(said) > 2 else ""


def _postposed(text: str) -> Iterator[Found]:
    for match in _POSTPOSED.finditer(text):
        said = match.group("said").strip(" '\"")
        start = match.start("said")
        if len(said.split()) > 1 and not _STATUS_ONLY.match(said) and not _NO_WORDS.search(said):
            yield Found(ERROR_MESSAGE, start, start + len(said), said, said, 0.8)


def _coded(text: str) -> Iterator[Found]:
    for match in [*_CODE.finditer(text), *_BARE_CODE.finditer(text)]:
        code = next(code for code in match.groups() if code)
        if code.isalpha():
            continue
        yield Found(
            ERROR_MESSAGE,
            match.start(),
            match.end(),
            match.group() if match.re is _CODE else code,
            match.group(),
            CODED,
            {"code": code.upper()},
        )
