"""What a clause that has a date in it is about: the trouble, or something else."""

from __future__ import annotations

import re

# What goes wrong, or that something does.
REPORTING = re.compile(r"\b(?:start|began|stop|since|happen|not work|n'?t work|no signal|no service|no data|no internet|nothing|zero|down|lost|drop|broke|fail|gone|died|problem|issue|slow|can'?t|cant|dreadful|terrible|awful|appalling|shocking|useless|patchy|poor|crawl|dead|intermittent|(?:like|doing) (?:this|it|that)|never worked|still|keeps|every (?:single )?(?:day|night|morning|evening))", re.IGNORECASE)  # fmt: skip
# Dates of something else: contacts, orders, bills, contracts, promises, what was tried.
ELSEWHERE = re.compile(
    r"\b(?:on hold|called|rang|phoned|spoke|spoken|contacted|e-?mail(?:ed)?|letter|chatted|reported|complained|wrote|told|promised|said|gave|given|sent|taken|topped|did|done|installed|exp|land(?:ed)?|took|order(?:ed)?|deliver\w*|dispatch\w*|arriv\w*|bought|purchas\w*|paid|pay|payment|bill(?:ed)?|charged?|invoice|contract|renew\w*|expir\w*|due|"
    r"should|supposed|meant to|expected|return\w*|refund\w*|upgrad\w*|join\w*|customer|wait(?:ed|ing)?|visited|visit|went in|try again|call me|ring me|text me|contact me|reply|within|until|by|every(?! (?:day|night|time|single))|per|between|before|after|free|available|at work|holiday|travel\w*|flying|leaving|born|birth|d\.?o\.?b|appointment|booked|engineer|shop|cancel\w*|closed|opened|(?:was|were|been|got) (?:made|raised|logged)|switch\w* to|port\w*|tried|restart\w*|reset|reboot\w*|advice|instructions|dated|put (?:in|on)|swapped|powered|each|loyal|been with|open|close[sd]?)\b",
    re.IGNORECASE,
)
