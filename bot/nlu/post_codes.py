"""British post codes in a message, whole or their first half."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# The shape of British post codes (ISO 3166 GB; Royal Mail's PAF), the inward half optional after a cue.
_WHOLE = re.compile(
    r"\b(?P<code>(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}))\b", re.IGNORECASE
)
# The areas of Royal Mail with two letters: with a number behind, such a word is no model of a phone.
_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|"
    "LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_ALONE = re.compile(rf"(?<![\w.#&=/-])(?P<code>(?!IP6[5-9]|HD8|HD10)(?:{_AREAS})\d{{1,2}}[A-Z]?)(?!\w|[./-]\w|[@%]|\s(?:phone|ultra|plus|pro|lite|fe)\b)")  # fmt: skip
_CUED = re.compile(rf"\b(?:post ?code(?:'?s| is| of|)?|in|around|near|at|to|from|area|(?-i:[A-Z])?[a-z]{{4,}},?)\s*:?\s+(?P<code>(?:{_AREAS})\d{{1,2}})(?![\w.@%]|\s(?:phone|ultra|plus|pro|lite|fe|gb|mb)\b)", re.IGNORECASE)  # fmt: skip
_TOLD = re.compile(r"\bpost ?code(?:'?s| is| of|)?\s*:?\s+(?P<code>[A-Z]{1,2}\d{1,2}[A-Z]?)\b(?!\s?\d[A-Z]{2})", re.IGNORECASE)  # fmt: skip
_OUTWARD = re.compile(r"\b(?:in|around|near|at|to|from)\s*:?\s+(?P<code>(?-i:[A-Z]{1,2}\d{1,2}[A-Z]?))\b(?!\s?\d[A-Z]{2})(?!\s*(?:phone|ultra|plus|pro))", re.IGNORECASE)  # fmt: skip
# Cities whose areas have one letter, behind which a number may be a phone's too.
ONE_LETTER = r"(?:birmingham|glasgow|liverpool|london|manchester|salford|sheffield|clapton|hackney|islington|tottenham)"
_CITY = re.compile(
    rf"\b{ONE_LETTER},?\s+(?P<code>[BEGLMNSW]\d{{1,2}})\b(?!\s?\d[A-Z]{{2}})", re.IGNORECASE
)
# The outward half of a post code as the whole message: two letters, so that it is no model.
_ONLY = re.compile(r"\A\W*(?P<code>[A-Z]{2}\d{1,2}[A-Z]?)\W*\Z")


def post_codes(text: str, is_cue: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """(start, end) of each; `is_cue`: whether the words before half a code lead to a place."""
    for pattern in (_WHOLE, _TOLD, _OUTWARD, _CITY, _ONLY, _ALONE):
        for match in pattern.finditer(text):
            yield match.span("code")
    for match in _CUED.finditer(text):
        if is_cue(match.group()[: match.start("code") - match.start()]):
            yield match.span("code")
