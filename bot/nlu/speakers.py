"""Who says what is told: the device, a person, a voice of the network."""

from __future__ import annotations

import re

PEOPLE = (
    r"he|she|they|you|person|company|firm|council|landlord|callers?|agent|advis[eo]r|guy|lady|man|woman|colleague|bank|friend|wife|husband|son|daughter|mum|dad|someone|everyone|everybody|people|nobody|"
    r"fella|bot|e-?mail|leaflet|booklet|guide|fellow|bloke|girl|lass|script|courier|tracking|bill|contract|invoice|letter|rep|shop|store|receipt|courier page|staff|manager|neighbou?rs?|family|boss|advert|post office|engineer|technician|support|website that|terms|who|ads?|poster|leaflet|brochure|advertising|your (?:text|e-?mail|letter|sms)"
)
# "When my son calls it goes '…'": not the son.
IT_SAYS = re.compile(r"\bit (?:just |then |only |always )?(?:goes|says|said|reads|comes up(?: with)?)\W{0,3}\Z", re.IGNORECASE)  # fmt: skip
STILL = re.compile(r"\b(?:still|now|only|stuck (?:on|at|in)) \W?\Z", re.IGNORECASE)
# "10 a day from 'EVRI'": who sent it, not what it says.
SENDER = re.compile(r"\bfrom ['\"‘“]\Z")
SAID_BY_PEOPLE = re.compile(rf"\b(?:{PEOPLE})\b[^.]{{0,25}}\Z", re.IGNORECASE)
# "My daughter at the university says …": a person speaks, however far off.
SOMEBODY = re.compile(rf"\b(?:(?:my|our|the) (?:{PEOPLE})\b(?!['’]s|s )(?! (?:phone|mobile|screen|watch|tablet|router))[^.,;!?\n]{{0,30}}|i['’]?d |i would )(?:says?|said|tells?|told)\b[^.]{{0,6}}\Z", re.IGNORECASE)  # fmt: skip
# Networks speak too: "a voice says …", "a woman tells me …"; the words give them away.
ANNOUNCED = re.compile(
    r"\b(?:voice|recording|recorded message|announcement|automated \w+|robot|woman|lady|callers?|people|she|he|they|who\w* rings?)(?: \w+){0,3}? (?:says?|saying|tells? (?:me|them)|hears?|gets?|telling (?:me|them|you))(?: that| just)?[\s:,]*['\"‘“]?\s*\Z",
    re.IGNORECASE,
)
ANNOUNCEMENT = re.compile(
    r"\b(?:the (?:number|person|customer|mobile|subscriber|service|phone|party|call)|this (?:number|person|customer|service|call)|your call|all lines|sorry|we(?:'re| are) (?:sorry|unable)|please)\b",
    re.IGNORECASE,
)
