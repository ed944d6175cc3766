"""How to reach the customer, how they want to be answered, and what contact there was before."""

from __future__ import annotations

import re

from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found

CONTACT_EMAIL = "contact_email"
PREFERRED_REPLY = "preferred_reply"
PREVIOUS_CONTACT = "previous_contact"
PLAIN = 0.97

_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+'\-]*[A-Za-z0-9_%+\-])?"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
_EMAIL = re.compile(rf"(?<![\w.@])(?P<local>{_LOCAL})\s?@\s?(?P<domain>{_DOMAIN})(?![\w@])")
_SOMEONE = (
    r"(?:his|her|their|(?:my|our) (?:wife|husband|son|daughter|partner|mum|dad|mother|father|brother|sister|friend|flatmate|boss|colleague|neighbour|ex|solicitor|carer|accountant)(?:['’]?s)?|"
    r"(?:your|the) (?:agent|advis[eo]r|colleague|manager|team|engineer|courier|seller|shop)(?:['’]?s)?|someone(?: else)?(?:['’]?s)?|somebody(?: else)?(?:['’]?s)?)"
)
# The address of somebody else, and the customer's own among several.
_ANOTHERS = re.compile(
    rf"(?:\b(?<!mine, not )(?<!mine not ){_SOMEONE} (?:\w+ )?(?:e-?mail|mail|address|one|account|login|inbox)\b[\w' ]{{0,25}}\W{{0,3}}|\b(?:cc'?d?|bcc|fwd|forwarded by|on behalf of)\b[\w' ]{{0,25}}\W{{0,3}}|"
    rf"\b(?:belongs|belonging|going|goes|went|sent|addressed|registered|set up|copied|linked)(?: \w+)? to {_SOMEONE}\b[\w' ]{{0,25}}\W{{0,3}}|"
    r"(?:^|\n|['\"‘“])[ \t>]*(?:to|cc|from|reply-to|sent by):[^\n]*)\Z",
    re.IGNORECASE,
)
_ON_BEHALF = re.compile(r"\b(?:reply|write|respond|answer|contact|use|send it|reach|mail|e-?mail) (?:\w+ ){0,4}\Z|\b(?:please|best|instead)\b[^.!?]{0,30}\Z", re.IGNORECASE)  # fmt: skip
_MINE = re.compile(
    r"\b(?:mine|my (?:own |new |current |personal |work |best |contact |correct |right )*(?:e-?mail|mail|address|one)|use|reply to|reach me|contact me|write to me|e-?mail me|mail me|me (?:at|on)|instead|respond to|get (?:back to )?me|new one|correct(?: one)?|should be)\b[^@!?\n]{0,35}\Z",
    re.IGNORECASE,
)
_ENDINGS = r"com|co\s?\.?\s?uk|co dot uk|org|net|uk|me|io|eu|example|ie|de|info|email|mail"
_SPELT = re.compile(
    rf"\b(?P<local>[a-z0-9_]+(?:(?:\.| \. |\s?(?: dot | underscore | dash | hyphen )\s?)[a-z0-9_]+)*)\s?(?:\(at\)|\[at\]|@| at )\s?"
    rf"(?P<domain>[a-z0-9\-]+(?:(?: dot |\s?\(dot\)\s?|\s?\[dot\]\s?|\.)[a-z0-9\-]+)*?(?: dot |\s?\(dot\)\s?|\s?\[dot\]\s?|\.)(?:{_ENDINGS}))\b",
    re.IGNORECASE,
)
_ADDRESS_CUE = re.compile(
    r"\b(?:e-?mail|mail|address|reach|contact|reply|write)\b[^.!?]{0,40}\Z", re.IGNORECASE
)
# What stands before a spelt-out address where it begins: "gamer dad at …" has one word too many.
_BEGINS = re.compile(r"(?:\A|[^\w\s]|\n|\b(?:is|its|it's|to|on|me|us|via|by|mail|email|e-mail|address|use|at|a|my|as|be|reply|reach|contact|and|or|um|er|ok|okay|sorry|no|please|thanks|so|yes|thats|that's))\s*\Z", re.IGNORECASE)  # fmt: skip
_LETTER_HEAD = re.compile(r"\s*from:\s*<?", re.IGNORECASE)
_ADDRESSED = re.compile(r"^[ \t>]*to:|\b(?:scam|phishing|spam|received|got this|fake)\b", re.IGNORECASE | re.MULTILINE)  # fmt: skip
# Addresses that are named but are not where the customer can be reached.
_NOT_THEIRS = re.compile(
    r"(?:\b(?:not|wasn'?t|isn'?t|never|instead of|rather than|was|were|used to be|old|previous|former(?:ly)?|no longer|except)\b[\w' :]{0,22}|\bwrong (?:e-?mail|mail|address|one)\b[\w' :]{0,12}"
    r"|\b(?:e-?mail|mail|message|text|letter|reply|link|phishing|scam|one|invite|anything|something|it) (?:\w+ ){0,2}(?:from|by)\b\W*(?:the )?(?:address )?"
    r"|\b(?:wrote|written|e-?mailed|mailed|contacted|messaged|forwarded (?:it )?|complained|sent (?:\w+ ){0,4})\s?(?:to|at|on)?\s*"
    r"|\b(?:changed|switched|moved|updated) (?:\w+ ){0,3}from\s|\bfrom:?\s)\Z",
    re.IGNORECASE,
)
_OUTGOING = re.compile(r"\b(?:please|can you|could you|will you|you can|has to be|should be|to be|pls|plz|you|be|get)\s+(?:\w+\s){0,2}(?:sent|wrote|e-?mailed|mailed|contacted|send)\b[\w ]*\Z", re.IGNORECASE)  # fmt: skip
_WROTE_FROM = re.compile(r"\bmy (?:\w+ )?(?:e-?mails?|messages?|letter|complaint)\b[^!?\n]{0,60}\bsent (?:to you )?from (?:my )?\Z|\b(?:i|we|i'?ve)\b(?: \w+){0,2} (?:wrote|written|e-?mailed|sent|contacted)\b[^!?\n]{0,90}\bfrom (?:my (?:\w+ )?(?:address |account |e-?mail )?)?\Z", re.IGNORECASE)  # fmt: skip
_GENERIC = re.compile(r"(?:no-?reply|do-?not-?reply|support|help|info|service|customer\.?services?|complaints?|billing|contact|sales)@.*(?:meadow|mobile|bank|courier|paypal|apple|google|amazon)", re.IGNORECASE)  # fmt: skip
_OLD_AFTER = re.compile(r"\W{0,4}(?:is|was)\s+(?:my\s+)?(?:old|wrong|no longer|not (?:mine|right|correct)|out of date|closed|dead)\b|\W{1,4}(?:any ?more|is dead)\b", re.IGNORECASE)  # fmt: skip

_HOW = (
    (r"e-?mail|mail", "email"), (r"(?:a )?(?:tele)?phone(?: ?call)?|call|ring|callback|bell|voice call", "phone"),
    (r"text(?: messages?)?|sms|txt", "sms"), (r"whats ?app", "whatsapp"), (r"post|letter|in writing", "post"),
    (r"(?:web)?chat|here in (?:the|this) chat|this chat", "chat"),
)  # fmt: skip
_WAYS = tuple((re.compile(rf"\A(?:{pattern})\Z", re.IGNORECASE), name) for pattern, name in _HOW)
_ANY = "|".join(pattern for pattern, _ in _HOW)
_PREFER = re.compile(
    rf"\b(?P<no>don'?t|do not|never|please don'?t|no|not|rather not(?: be)?)?\s*(?:"
    rf"(?:please|pls|plz|just|can you|could you|you can|would you|so|kindly|better|prefer you|prefer to)\s+(?:just |please |also )?(?P<a>e-?mail|mail|call|ring|(?:tele)?phone|text|txt|sms|whats ?app|message) (?:me|us|back)\b"
    rf"|\A\W*(?P<b>e-?mail|call|ring|phone|text|txt|whats ?app) (?:me|us)\b"
    rf"|\b(?P<i>e-?mail|call|ring|phone|text|txt|whats ?app) me\b(?=[^.!?]{{0,25}}\b(?:please|pls|plz|on|at|after|before|between|instead|rather|when|any ?time|with)\b)"
    rf"|\b(?:by|via|through|over|per)\s+(?:an? |the )?(?P<c>{_ANY})\b(?:\s+(?:is|would be|works|please|if|only|rather)|\s*(?=[,.!:]|$))"
    rf"|\b(?:prefer(?:red|ably|ence)?|rather|best|easier|easiest|like)\b[^.!?,]{{0,40}}?\b(?:by |via |an? |through |to be |is |me |get |it )*(?P<d>{_ANY}|e-?mailed|called|texted|phoned|rung)\b"
    rf"|\b(?P<e>{_ANY})\s+(?:is|would be|'s|works)\s+(?:best|better|fine|preferred|ok|good|easier|easiest|my pref\w+)\b"
    rf"|\b(?:reply|respond|answer|contact me|reach me|get back to me|write(?: back)?|update me|let me know|write to me)\s+(?:to me\s)?(?:by|via|through|on|over|using|in)\s+(?:an? |the |my )?(?P<f>{_ANY})\b"
    rf"|(?:don'?t|do not|please don'?t|never)\s+(?P<g>e-?mail|call|ring|phone|text|whats ?app) me\b"
    rf"|\b(?P<k>e-?mail|mail|text|whats ?app) me(?= (?:at |on )?\S+@\S)"
    rf"|\S+@(?P<p>\S+) (?:is|would be) (?:best|better|easiest|preferred)\b"
    rf"|\b(?:please|pls|plz|kindly) (?P<m>e-?mail|text|whats ?app)(?= (?:at |on |to )?\S+@\S)|\b(?P<o>reply|respond|write) to(?= \S+@\S)"
    rf"|\b(?:expect|want|would like|await|appreciate|grateful for|obliged for) an? (?P<n>(?:tele)?phone ?call|call ?back|call|e-?mail|text|letter)\b(?! from| to| about)"
    rf"|\bjust (?P<j>e-?mail|text|whats ?app|call|ring|phone)(?=\W*(?:\Z|[.,!]|please|pls))"
    rf"|\b(?P<l>text|e-?mail|whats ?app|chat) only\b(?=[^.!?]{{0,12}}(?:please|pls|plz|\.|,|\Z))"
    rf"|\bno (?P<h>{_ANY})s?,? please\b)",
    re.IGNORECASE,
)
# "Twice by chat": how they were in touch before.
_BEFORE_NOW = re.compile(r"\b(?:twice|times|already|contacted|spoken?|wrote|written|reported|complained|asked|told you)\b[^.,;!?]{0,20}\Z", re.IGNORECASE)  # fmt: skip
_VERBAL = {
    "e-mailed": "email",
    "emailed": "email",
    "called": "phone",
    "phoned": "phone",
    "rung": "phone",
    "texted": "sms",
    "message": "sms",
}

_YOU = (
    r"(?:you(?: guys| lot| people)?|meadow(?: mobile)?|(?:your |the )?(?:\w+ )?(?:customer (?:services?|care|support)|support(?: (?:team|line))?|help ?(?:desk|line)|"
    r"tech(?:nical)? support|call cent(?:re|er)|chat|live chat|team|billing(?: department)?|sales team|complaints(?: team| department)?)|"
    r"(?:one of )?your (?:\w+ )?(?:team|agents?|advis[eo]rs?|colleagues?|staff|people|shops?|stores?|branch|website|reps?|engineers?|managers?|guys?|lot)|"
    r"(?:some(?:one|body)|an? (?:\w+ )?(?:agent|advis[eo]r|lady|man|guy|woman|person|rep(?:resentative)?|manager|supervisor|colleague))|"
    r"(?:\d+|two|three|four|five|six|several|different) (?:different |of your )?(?:agents?|advis[eo]rs?|people|reps?|colleagues))"
)
_NAMED = r"(?:(?-i:[A-Z])[a-z]+(?: (?:in|from|at) (?:your|the) [\w ]+?)?)"
_CONTACTED = re.compile(
    rf"\b(?:I|we|i've|i have|we've|my (?:wife|husband|son|daughter|partner))\b(?:'ve| have| had|'d)?(?: \w+(?:ly)?){{0,3}}? ?"
    rf"(?:(?:called|rang|phoned|rung|telephoned|contacted|e-?mailed|messaged|tweeted|visited|chased|called in)\s+(?:up |in to )?{_YOU}"
    rf"|(?:spoke|spoken|talked|written|wrote|complained|chatted|dealt|been (?:in touch|on (?:the (?:phone|line)|hold|to)|on to)|got through|reported (?:it|this|the \w+)|raised (?:it|this))\s+(?:to |with |about (?:this|it) )?(?:{_YOU}|{_NAMED})"
    rf"|(?:reported|raised|logged|flagged) (?:this|it|the (?:same )?(?:problem|issue|fault)|a (?:ticket|case|complaint|fault))"
    rf"|(?:was|been|went|gone) (?:already )?(?:in|into|to|at|on to) (?:the |your |one of your |a )?(?:\w+ )?(?:shop|store|branch|chat)"
    rf"|(?:opened|raised|have|had|got|made|submitted) an? (?:\w+ )?(?:ticket|case|complaint)(?! to make)"
    rf"|(?:called|rang|phoned|contacted|e-?mailed|complained|messaged|wrote in)(?= (?:about|last|on|yesterday|this|already|twice|three|several|before|\d|and)))(?:[^.!?\n;]|\.(?=\S))*",
    re.IGNORECASE,
)
# Told without saying who: "been on to your chat twice, rang last Wednesday".
_ELLIPTIC = re.compile(
    rf"(?:\A|(?<=[.!?;,\n])|(?<=\band)|(?<=\bbut)|(?<=\bhave)|(?<=\bve))\s*(?:(?:already|just|also|have|then|has)\s+)*"
    rf"(?:(?:spoke(?:n)?|talked|chatted|been (?:in touch|on the (?:phone|line)|onto|on)|got through)(?: (?:to|with|onto))?|rang|phoned|called|contacted|e-?mailed|messaged)\s+(?:up )?{_YOU}\b(?:[^.!?\n;]|\.(?=\S))*",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:(?:this is|it'?s|for) (?:now )?(?:the |my |about the )?)?(?:second|third|fourth|fifth|sixth|seventh|tenth|2nd|3rd|4th|5th|6th|nth|umpteenth|hundredth)\s+time\s+(?:now )?(?:that )?(?:I|we|i'm|i am)\b[^.!?\n;,]*"
    r"|\b(?:(?:called|rang|phoned|contacted|e-?mailed|written|spoken)[^.!?\n;,]{0,20}(?:twice|(?:three|four|five|six|ten|several|many|\d+|multiple) times))[^.!?\n;,]*"
    r"|\bstill (?:waiting for (?:a|the|my|your|that|an?) (?:call ?back|reply|response|answer)|(?:not|no) (?:had |heard )?(?:a reply|back|anything back))(?:[^.!?\n;]|\.(?=\S))*"
    r"|\b(?:your|the|one of your|an?) (?:\w+ )?(?:colleague|agent|advis[eo]r|rep|chat agent|engineer|technician|lady|man|guy|woman|bloke|person)s? (?:I spoke (?:to|with)|on the (?:phone|chat)|(?:told|promised|said to|assured|advised|informed) (?:me|us)|said)\b(?:[^.!?\n;]|\.(?=\S))*"
    r"|\b(?:writ\w+|wrote|contact\w*|call\w*|rang|ring\w*|messag\w+|complain\w*|report\w*|ask\w*|chas\w+|here)\b[^.!?\n;,]{0,25} for the (?:second|third|fourth|fifth|sixth|\w+teenth|[2-9](?:nd|rd|th)|umpteenth) time\b[^.!?\n;,]*"
    r"|\bI(?: was|'ve been| have been) (?:\w+ )?(?:told|promised|assured|advised|informed)\b(?:[^.!?\n;]|\.(?=\S))*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:(?:my |the |old |previous |last |existing )*(?:case|ticket|reference|ref|complaint|incident)(?: number| no\.?| id| ref| reference)?(?: is| was|:| #)?\s*#?\s*(?P<ref>(?=[A-Z0-9\-]*\d)[A-Z0-9][A-Z0-9\-]{4,})|(?P<own>FL-[A-Z0-9]{6}))\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\b(?:(?:I )?(?:haven'?t|have not|havent|not|never|didn'?t) (?:yet |been |actually )?(?:contacted|contact|called|call|spoken|speak|spoke|rang|rung|reported|report|been in touch|got in touch|emailed)\b[^.!?\n;,]*|first (?:time|contact)(?: I| I'm| that I)?[^.!?\n;,]*(?:contact\w*|call\w*|report\w*|about this|in touch|ask\w*))",
    re.IGNORECASE,
)


def emails(text: str) -> list[Found]:
    """E-mail addresses that are the customer's; spelt-out ones ("jo at mail dot com") too."""
    found = []
    for match in _EMAIL.finditer(text):
        if not _their_own(text, match):
            continue
        value = f"{match.group('local')}@{match.group('domain')}"
        found.append(
            Found(
                CONTACT_EMAIL,
                match.start(),
                match.end(),
                value,
                match.group(),
                _sureness(text, match),
            )
        )
    for match in _SPELT.finditer(text):
        if (
            any(item.start < match.end() and match.start() < item.end for item in found)
            or "@" in match.group()
        ):
            continue
        start, end = around(sentences(text), match.start())
        whole = match.group() == text[start:end].strip(" .!\n")
        if not _BEGINS.search(text[: match.start()]):
            continue
        if (whole or _ADDRESS_CUE.search(text[: match.start()])) and _their_own(text, match):
            found.append(
                Found(
                    CONTACT_EMAIL,
                    match.start(),
                    match.end(),
                    _spelt_out(match),
                    match.group(),
                    0.75,
                )
            )
    return found


def preferred_replies(text: str) -> list[Found]:
    """email, phone, sms, whatsapp, post or chat, as the customer wishes to be answered."""
    found = []
    for match in _PREFER.finditer(text):
        way = next(word for name, word in match.groupdict().items() if name != "no" and word)
        refused = bool(match.group("no") or match.group("g") or match.group("h"))
        if refused or _BEFORE_NOW.search(text, max(0, match.start() - 40), match.start()):
            continue
        # Behind "jo@mail.example" the wish is told, not within it.
        start = match.end("p") if match.group("p") else match.start()
        found.append(
            Found(
                PREFERRED_REPLY,
                start,
                match.end(),
                _way(way),
                text[start : match.end()].strip(),
                0.85,
            )
        )
    return found[-1:]


def previous_contacts(text: str) -> list[Found]:
    """What the customer says about contacts before this one, as said; case numbers first."""
    spans = clauses(text)
    found = [
        Found(
            PREVIOUS_CONTACT,
            match.start(),
            match.end(),
            match.group().strip(),
            match.group().strip(),
            0.9,
        )
        for match in _REFERENCE.finditer(text)
    ]
    never = _NEVER.search(text)
    if never:
        said = never.group().strip()
        return [Found(PREVIOUS_CONTACT, never.start(), never.end(), "none", said, 0.8)]
    for pattern, confidence in ((_CONTACTED, 0.85), (_ELLIPTIC, 0.8), (_TIMES, 0.75)):
        for match in pattern.finditer(text):
            clause = around(spans, match.start())
            if re.search(r"\b(?:can'?t|cannot|could|should|will|'ll|want to|trying to|if|when)\b[^,.]{0,12}\Z", text[clause[0] : match.start()], re.IGNORECASE):  # fmt: skip
                continue
            said = match.group().strip(" ,\n")
            start = match.start() + match.group().index(said)
            found.append(
                Found(
                    PREVIOUS_CONTACT,
                    start,
                    start + len(said),
                    said,
                    said,
                    confidence,
                )
            )
    return sorted(found, key=lambda item: (-item.confidence, item.start))[:1]


def _sureness(text: str, match: re.Match[str]) -> float:
    """Among several addresses the one that is called the customer's own, or wished for, is."""
    before = text[max(0, match.start() - 60) : match.start()]
    return 0.99 if _MINE.search(before) else PLAIN


def _their_own(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start()]
    if _LETTER_HEAD.fullmatch(text, 0, match.start()) and not _ADDRESSED.search(text):
        return True  # the head of a letter of their own
    if _OLD_AFTER.match(text[match.end() : match.end() + 40]) or _GENERIC.match(match.group()):
        return False
    if _OUTGOING.search(before) or _WROTE_FROM.search(
        text[max(0, match.start() - 120) : match.start()]
    ):
        return True
    if _ANOTHERS.search(text[max(0, match.start() - 120) : match.start()]):
        return bool(_ON_BEHALF.search(_ANOTHERS.sub("", before)))
    return not _NOT_THEIRS.search(before)


def _spelt_out(match: re.Match[str]) -> str:
    local = re.sub(r"\s?(?:\.| dot )\s?", ".", match.group("local"), flags=re.IGNORECASE)
    local = re.sub(r"\s?underscore\s?", "_", local, flags=re.IGNORECASE)
    local = re.sub(r"\s?(?:dash|hyphen)\s?", "-", local, flags=re.IGNORECASE)
    domain = re.sub(
        r"\s?[(\[]?\bdot\b[)\]]?\s?|\s*\.\s*", ".", match.group("domain"), flags=re.IGNORECASE
    )
    return f"{local}@{domain}".replace(" ", "").lower()


def _way(word: str) -> str:
    word = word.strip().lower()
    if word in _VERBAL:
        return _VERBAL[word]
    return next((name for pattern, name in _WAYS if pattern.match(word)), "email")
