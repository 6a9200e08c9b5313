"""What a student's name, birth date or phone number can look like in a file."""

from __future__ import annotations

import base64
import hashlib
import html

NAME, PHONE, BORN = "Zyfirst3", "9503250003", "2011-03-07"


def _sha(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


DISGUISES = {
    "as it is": NAME,
    "in capitals": NAME.upper(),
    "a full name": "Student Zyfirst3 Qulast3.",
    "an accent": "Zyfírst3",
    "glued to punctuation": f"({NAME})",
    "with an underscore": f"student_{NAME}_report",
    "typographic apostrophe": "O\u2019Vulast3",
    "no apostrophe": "OVulast3",
    "entities": "&#90;yfirst3",
    "named entity": "O&apos;Vulast3",
    "entities of entities": html.escape("&#90;yfirst3"),
    "percent signs": "%5Ayfirst3",
    "soft hyphen": "Zyfi\u00adrst3",
    "soft hyphen entity": "Zyfi&shy;rst3",
    "zero-width space": "Zyfi\u200brst3",
    "date": BORN,
    "date with time": f"{BORN}T00:00:00",
    "US date": "03/07/2011",
    "US date, short": "3/7/11",
    "US date with hyphens": "03-07-2011",
    "dotted date": "07.03.2011",
    "date in digits": "20110307",
    "date in words": "March 7, 2011",
    "date in short words": "7 Mar 2011",
    "phone": PHONE,
    "phone with parentheses": "(950) 325-0003",
    "phone with points": "950.325.0003",
    "phone with blanks": "950 325 0003",
    "phone with country code": "+1 950-325-0003",
    "phone without area code": "325-0003",
    "email": "MAIL3.jx@vu.example",
    "address": "53 Gruzel Hagua Way",
    "student id": "700103",
    "student id with a comma": "700,103",
    "value of a district-defined field": "zworeduced3",
    "md5": _sha("md5", NAME),
    "sha1": _sha("sha1", NAME),
    "sha256": _sha("sha256", "700103"),
    "sha256 in capitals": _sha("sha256", "700103").upper(),
    "sha256 of lower case": _sha("sha256", NAME.lower()),
    "sha256 cut short": _sha("sha256", "700103")[:12],
    "base64": base64.b64encode(NAME.encode()).decode(),
    "base64 inside of more": base64.b64encode(f'{{"name": "{NAME}"}}'.encode()).decode().rstrip("="),
    "base64 for addresses": base64.urlsafe_b64encode(b"?>700103<?").decode(),
}  # fmt: skip

# What the scan can't know to be a name: docs/privacy.md and qa/redaction/scan.py say so.
NOT_FOUND = {
    "a look-alike letter": "Zyf\u0456rst3",
    "digits for letters": "Zyf1rst3",
    "another alphabet": "\u0417\u0438\u0444\u0438\u0440\u0441\u04423",
    "backwards": NAME[::-1],
    "a blank between letters": " ".join(NAME),
    "initials": "Z. Q.",
    "a part of it": NAME[:5],
    "one letter wrong": "Zyfirts3",
    "a hash that we don't compare": _sha("sha512", NAME)[:64],
}  # fmt: skip

MARKUP = {
    "a tag inside": "Zyfi<b>rst3</b>",
    "a word break": "Zyfi<wbr>rst3",
    "a comment inside": "Zyfi<!-- -->rst3",
    "a cell inside": "<table><tr><td>Zyfi</td><td>rst3</td></tr></table>",
    "an attribute": f'<p title="{NAME}">',
    "an attribute with entities": '<p data-x="&#90;yfirst3">',
    "a comment": f"<!-- {NAME} -->",
    "a phone in spans": "<span>950</span><span>325</span><span>0003</span>",
    "name parts in tags": "<i>53</i> <b>Gruzel</b> <i>Hagua</i> <b>Way</b>",
    "text in a chart": f'<svg><text x="1">{NAME}</text></svg>',
    "split text in a chart": "<svg><text><tspan>Zyfi</tspan><tspan>rst3</tspan></text></svg>",
    "a chart's words for screen readers": f'<svg role="img" aria-label="{NAME}: 12"></svg>',
    "a chart's title": f"<svg><title>{NAME}</title><desc>{NAME}</desc></svg>",
    "an id": f'<section id="{NAME}"></section>',
    "a link": f'<a href="#{NAME}">x</a>',
    "a class": f'<td class="start {NAME}"></td>',
    "a style": f"<style>.{NAME} {{ color: red }}</style>",
    "a style of an element": f'<p style="--of: {NAME}">',
    "a data address": f'<img src="data:text/plain;base64,{base64.b64encode(NAME.encode()).decode()}">',
}
