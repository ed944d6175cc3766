"""Account numbers and telephone numbers among all the numbers of a message.

Precision comes first: a number is an account number only when the words around it say so, or when
it stands alone in the operator's length and nothing says otherwise.
"""

from __future__ import annotations

import re

from bot.content.account_number import luhn
from bot.nlu.clauses import around, sentences
from bot.nlu.found import Found
from bot.nlu.numbers import Number, numbers

ACCOUNT_NUMBER = "account_number"
CONTACT_PHONE = "contact_phone"
FEWEST_CUED = 5
FEWEST_BARE, MOST_BARE = 8, 10
MOST = 14

_ACCOUNT = r"(?:acc?(?:oun)?t|acc|a/c|accnt|acount|accout|acct|customer)"
_NUMBER = r"(?:\s*(?:number|numbr|num|nr|no\.?|nmbr|id|#|:))"
_CUES = re.compile(
    rf"(?P<bank>\bbank\b|\bsort\s?code|\bbuilding society|\biban\b|\bdirect debit|\bdebit\b)"
    rf"|(?P<account>\b{_ACCOUNT}s?{_NUMBER}*(?!\w)|\bmy (?:meadow )?(?:number|no\.?|id)\s?(?:is|:|=|-))"
    r"|(?P<other>\border\w*|\bref(?:erence|s)?\b|\btickets?\b|\bcase\b|\btracking|\bparcel|\bconsignment|\bimei\b"
    r"|\bserial|\biccid\b|\bsim(?:\s?card)?\s(?:number|no|serial|is|ending|with)|\b(?:credit |debit |payment |bank )?card\b"
    r"|\bpins?\b|\bpuk\w*\b|\bpac\b|\bvoucher|\bpasscode|\bcodes?\b|\binvoice|\bbill (?:number|no)|\bpost\s?code|\bversion"
    r"|\bbuild\b|\bmodel\b|\bpolicy|\bmeter|\bip\b|\bincident|\bcomplaint (?:number|no|ref)|\bcrime|\breturn\w* (?:number|no)"
    r"|\bdelivery|\bgift|\bmembership|\bbarcode|\bstaff|\bemployee|\bcvv|\bpassport|\blicen[cs]e|\brma\b|\bdob\b|\bborn\b"
    r"|\btransaction|\breceipt|\bpayment\b|\bsort\b|\bcall id|\bchat id|\bagent id|\bmac\b|\beid\b)"
    r"(?:\s*(?:number|num|nr|no\.?|id|code|#|:))*"
    r"|(?P<theirs>\b(?:calls?|texts?|messages?|sms|called|rings?|rang|ringing|contacted|scammer|number) (?:\w+ ){0,3}from"
    r"|\bdial\w*|\b(?:can'?t|cannot|could ?n[o']t|unable to|trying to|tried to|tried|when i|if i|trying|tried calling) (?:call|ring|phone|text|reach|dial)\w*"
    r"|\b(?:calls?|texts?|calling|texting|ringing|texted|sms) to\b|\bshort ?code|\bforward\w* to|\bhelpline|\b(?:called|rang|phoned|texted|call|ring) your?\b"
    r"|\bblock\w*|\bspam)"
    r"|(?P<others>\b(?:his|her|hers|their|(?:ex|husband|wife|mum|dad|mother|father|son|daughter|brother|sister|friend|mate|partner|boss|neighbour|colleague)['’]?s) (?:old |new )?(?:number|mobile|line|no\.?)(?! is best)|\b(?:he|she)(?:['’]?s| is) on\b)"
    r"|(?P<phone>\b(?:tele)?phone\b|\bmobile\b|\bmob\b|\btel\b|\bcell\b|\blandline|\bhome number|\bcontact number|\bwhats?app|\bnumber\b|\bno\.|\bnum\b"
    r"|\b(?:call|ring|phone|text|reach|contact|get)(?: me)?(?: back)?(?: hold of me)?(?: on| at)?|\bcallback)",
    re.IGNORECASE,
)
_AFTER_ACCOUNT = re.compile(
    rf"\W{{0,3}}(?:(?:is|was|being|that'?s|that is|as)\s+)?(?:\(?\s*)?(?:my|the|our|is my|me)?\s*(?:meadow\s)?{_ACCOUNT}\b(?!\s*(?:balance|with)|.{{0,15}}\d)",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(
    r"\W{0,3}(?:(?:is|was|being|as)\s+)?(?:\(?\s*)?(?:my|the|our)?\s*"
    r"(?:order|ref|imei|sim|card|pin|puk|ticket|case|phone|mobile|parcel|tracking|post ?code|serial|iccid|invoice|bank)"
    r"(?!.{0,15}\d)",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    rf"\b(?i:{_ACCOUNT}{_NUMBER}*)(?=[\s:#=-])\s*(?:(?i:is|was|it's|its|=|-|–|:)\s*){{0,2}}"
    r"(?!(?:IS|WAS|ITS?|NO|NUM|ID)\b)(?P<value>[A-Z]{1,4}[ \-]?\d[\d \-]{3,14}\d[A-Z]?|[a-z]{1,3}\d[\d\-]{3,14}\d|\d[\d \-]{3,14}\d-?[A-Za-z]{1,2})(?![\w@])",
)
_ENDING = re.compile(
    rf"\b(?:{_ACCOUNT}|number|it|one|which|that)?{_NUMBER}?\W{{0,3}}(?:is\s|it\s|which\s|that\s|with\s)?"
    r"(?:ends|ending|end|finishes|finishing|last (?:\w+ )?(?:digits|numbers|four|4|3|two|2)(?: (?:is|are|being))?)\s*(?:in|with|on|of|is|are|:)?\s*"
    r"(?P<value>\d{2,6})\b(?:[\s,]*(?:and |so )?(?:not|instead of|rather than)\s+(?:in\s+)?(?P<old>\d{2,6})\b)?",
    re.IGNORECASE,
)
_NAMES_ACCOUNT = re.compile(rf"\b{_ACCOUNT}", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:card|phone|mobile|imei|order|sim|bank|iban|tel|iccid|pin)\b", re.IGNORECASE
)
# Words that number other things when the number follows at once, and otherwise say nothing of it.
_NUMBERED = re.compile(
    r"(?:\bs/n|\b(?:jobs?|visits?|bookings?|appointments?|auth\w*|utr|keys?|passwords?|passkeys?|pass|(?:network|cell) (?=id|key|code)|basket|promo\w*"
    r"|complaints?|docket|claims?|insurance|[ei]n?quir(?:y|ies)|quer(?:y|ies)|chats?|otp|verif\w+|confirmation|quoted?|speed ?test"
    r"|survey|contract|vat|company|flight|items?|products?|parts?|stock|firmware|port|purchase|sale|engineer|message|msg|error"
    r"|id|user|reg(?:istration)?|batch|log|session|request|reservation|box(?: says)?|label(?: says)?|sticker(?: says)?))"
    r"(?:\s*(?:number|num|nr|no\.?|id|ref|code|of|is|was|it|as|[#:=-]))*\s*\Z",
    re.IGNORECASE,
)
# An account with a bank, or with somebody else: "sort code …, account 123", "account with Octopus is 123".
_NOT_WITH_US = re.compile(
    r"\b(?:iban|sort ?code|bic|swift)\b(?![^.]*\b(?:meadow|with you|customer|your)\b)[^.!?\n]{0,60}\Z"
    rf"|\b{_ACCOUNT}s?{_NUMBER}* (?:with|at) (?!{_ACCOUNT}|you|ur?\b|meadow|the\b|this|that|num|no\b|us\b|end)[a-z]+(?: \w+)?(?: (?:is|was|no\.?|number))?\W*\Z",
    re.IGNORECASE,
)
_FOR_A_REFUND = re.compile(
    r"\W{0,3}(?:is )?(?:where|for) (?:the|my|a)? ?(?:refund|money|repayment)", re.IGNORECASE
)
# Of several accounts: "the one with the problem is 123".
_IN_QUESTION = re.compile(
    r"\b(?:the one|problem|affected|faulty|trouble|this one|about)\b[^,.;]{0,25}\Z", re.IGNORECASE
)
_SAYS_WHAT = re.compile(
    r"\W*(?:it(?:'?s| is)|that(?:'?s| is)|this is|here it is)?\W*", re.IGNORECASE
)
# "only the 07700 900820 one has trouble": which line it is, not where to call.
_A_LINE = re.compile(
    r"\s+(?:one|line|is the (?:one|number|line) (?:to|that|with|which))\b", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])|(?:[0-2]\d|3[01])(?:0\d|1[0-2])(?:19|20)\d\d"
)
# Numbers of businesses, which a customer names but does not answer: freephone, non-geographic, premium.
_BUSINESS = re.compile(r"0(?:3|8|9)\d+")
_UK_PHONE = re.compile(r"(?:0|44|0044)(?:7\d{9}|1\d{8,9}|2\d{9})|0?7\d{9}")
_WAS = re.compile(r"\bwas\s+(?:my |the |on |in |it'?s )*\Z", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|n't|isn'?t|wasn'?t|used to be|instead of|rather than|old|previous|former(?:ly)?|no longer)\s+(?:my |the |on |in |it'?s )*\Z"
    rf"|\b(?:old|previous|former|closed)\s+{_ACCOUNT}{_NUMBER}*\s*(?:is |was |:)?\s*\Z",
    re.IGNORECASE,
)


def account_numbers(text: str) -> list[Found]:
    """What the customer gives as the account number; validity is somebody else's question."""
    found = _all_account_numbers(text)
    # "It was 123, now it is 456": what was is told only where nothing else is.
    return [item for item in found if not _WAS.search(text[: item.start])] or found


def _all_account_numbers(text: str) -> list[Found]:
    lettered = [_lettered(text, match) for match in _LETTERED.finditer(text)]
    found = [item for item in lettered if item is not None]
    found += _endings(text)
    spans = sentences(text)
    for number in numbers(text):
        if any(item.start < number.end and number.start < item.end for item in found):
            continue
        confidence = _account_confidence(text, number, around(spans, number.start))
        if confidence and not _DENIED.search(text[: number.start]):
            found.append(_found(ACCOUNT_NUMBER, text, number, number.digits, confidence))
    return sorted(found, key=lambda item: item.start)


def phone_numbers(text: str) -> list[Found]:
    """Telephone numbers at which the customer can be reached; value in the form they dial."""
    spans = sentences(text)
    found = []
    for number in numbers(text, fewest=9):
        if not is_phone(number) or _DENIED.search(text[: number.start]):
            continue
        cue = _cue(text, number, around(spans, number.start))
        if cue in ("theirs", "others", "bank", "other") or _A_LINE.match(text, number.end):
            continue
        value = ("+" if number.plus else "") + number.digits
        found.append(_found(CONTACT_PHONE, text, number, value, 0.95 if cue == "phone" else 0.8))
    return found


def is_phone(number: Number) -> bool:
    """Whether the digits are those of a private telephone, British or with a country code."""
    if number.plus:
        return 9 <= len(number.digits) <= 15
    return bool(_UK_PHONE.fullmatch(number.digits)) and (
        number.digits[0] == "0" or number.digits[:2] == "44"
    )


def is_card_or_hardware(digits: str) -> bool:
    """Whether the digits are a payment card's, an IMEI's or a SIM's (ISO/IEC 7812, 3GPP TS 23.003)."""
    if len(digits) >= 18 and digits.startswith("89"):
        return True
    return 13 <= len(digits) <= 19 and luhn(digits)


def _account_confidence(text: str, number: Number, sentence: tuple[int, int]) -> float:
    digits = number.digits
    if is_phone(number) or is_card_or_hardware(digits) or number.plus or len(digits) > MOST:
        return 0.0
    if _BUSINESS.fullmatch(digits) and len(digits) in (10, 11):
        return 0.0
    if _AFTER_ACCOUNT.match(text[number.end : sentence[1]]):
        return 0.95 if len(digits) >= FEWEST_CUED else 0.0
    if _AFTER_OTHER.match(text[number.end : sentence[1]]):
        return 0.0
    before = text[sentence[0] : number.start]
    if _NOT_WITH_US.search(before) or _FOR_A_REFUND.match(text[number.end : sentence[1]]):
        return 0.0
    cue = _cue(text, number, sentence) or _cue_before(text, number, sentence)
    if cue == "account":
        sureness = 0.98 if _IN_QUESTION.search(before) else 0.97
        return sureness if len(digits) >= FEWEST_CUED else 0.0
    if cue in ("", "phone") and _NUMBERED.search(text[sentence[0] : number.start]):
        return 0.0
    if not FEWEST_BARE <= len(digits) <= MOST_BARE or _DATE.fullmatch(digits):
        return 0.0
    if cue == "phone":
        return 0.0 if digits.startswith("0") else 0.5
    if cue:
        return 0.0
    return 0.98 if _IN_QUESTION.search(before) and "account" in before.lower() else 0.65


def _cue(text: str, number: Number, sentence: tuple[int, int]) -> str:
    """The kind of the nearest word before the number, within its sentence, that tells kinds apart."""
    kind = ""
    last = sentence[0]
    for match in _CUES.finditer(text, sentence[0], number.start):
        found = str(match.lastgroup)
        # "order 123 on my account 456": a number in between has used up the earlier words.
        # "bank account" is one; "my direct debit failed, account 123" is not.
        same = match.start() - last < 25 and not re.search(r"[,;:!?\n]", text[last : match.start()])
        kind = "bank" if kind == "bank" and found == "account" and same else found
        last = match.end()
    if kind and re.search(r"\d{5}", text[last : number.start]):
        return ""
    return kind


def _cue_before(text: str, number: Number, sentence: tuple[int, int]) -> str:
    """The kind that the sentence before tells: "my order is late. It's 77192033"."""
    if not _SAYS_WHAT.fullmatch(text[sentence[0] : number.start]):
        return ""
    former = around(sentences(text[: sentence[0]]), sentence[0])
    if "\n" in text[former[1] : number.start]:
        return ""  # a line of its own
    return "other" if _cue(text, number, (former[0], former[1])) == "other" else ""


def _endings(text: str) -> list[Found]:
    found = []
    for match in _ENDING.finditer(text):
        before = text[max(0, match.start() - 30) : match.start("value")]
        if _ELSEWHERE.search(before) and not _NAMES_ACCOUNT.search(before):
            continue
        if not (_NAMES_ACCOUNT.search(text[max(0, match.start() - 60) : match.end() + 25]) or match.group("old")
                or len(text) < 40):  # fmt: skip
            continue
        extra: dict[str, object] = {"partial": True}
        if match.group("old"):
            extra |= {"replaces": match.group("old"), "correction": True}
        found.append(Found(ACCOUNT_NUMBER, match.start("value"), match.end("value"), match.group("value"),
                           match.group().strip(), 0.7, extra))  # fmt: skip
    return found


def _lettered(text: str, match: re.Match[str]) -> Found | None:
    said = match.group("value").strip(" -")
    digits = re.sub(r"\D", "", said)
    if len(digits) < FEWEST_CUED or said.isdigit() or re.search(r"\s(?:i|a|on|in|my|is|it|so|to|at)$|\d[ ](?:[A-Z]+)$", said, re.IGNORECASE):  # fmt: skip
        return None
    before = text[max(0, match.start() - 12) : match.start()].lower()
    if "bank" in before:
        return None
    value = re.sub(r"[\s\-]", "", said).upper()
    start = match.start("value")
    return Found(ACCOUNT_NUMBER, start, start + len(said), value, said, 0.9)


def _found(entity: str, text: str, number: Number, value: str, confidence: float) -> Found:
    return Found(
        entity, number.start, number.end, value, text[number.start : number.end], confidence
    )
