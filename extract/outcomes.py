"""Everything that can happen to an endpoint's pull: what it means, who acts, and how to fix it.

The preflight, the report, qa.json, the terminal and the logs all render from this table. `{subscriptions}` in
a fix step stands for the subscriptions concerned. Nothing here, and no fact, is text that a server sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from district.endpoints import ENDPOINTS

Owner = Literal["district secretary", "district SIS admin", "PowerSchool support", "plus360 operator"]
PullState = Literal["complete", "unreconciled", "refused", "broken", "missing"]
Retries = Literal["none", "few", "all"]

SECRETARY: Owner = "district secretary"
ADMIN: Owner = "district SIS admin"
SUPPORT: Owner = "PowerSchool support"
OPERATOR: Owner = "plus360 operator"

API_PROFILE_PATH = "Administration > Utilities > Integration > API Profile"
API_PROFILE = f"Open {API_PROFILE_PATH} and click the consumer key."
SAVE = "Click Save; the next nightly run picks it up."
_OPEN_CASE = "Open a case with PowerSchool support: "
_RUN_AGAIN = "Run it again: "


@dataclass(frozen=True)
class Outcome:
    """One thing that can happen.

    Attributes:
        code: as in plus360.pulls and qa.json.
        meaning: completes "Contact: ...".
        state: of the pull it happened to; None for what only the preflight sees.
        owner: who can act first; None where nothing needs to be done.
        fix: the steps.
        transient: a later run may succeed although no one did anything.
        retries: whether the same request is worth sending again right away.
    """

    code: str
    meaning: str
    state: PullState | None
    owner: Owner | None = None
    fix: tuple[str, ...] = ()
    transient: bool = False
    retries: Retries = "none"

    @property
    def place(self) -> str | None:
        """The screen of eSchoolPLUS where it is fixed, as a menu path; None where it is fixed elsewhere."""
        return API_PROFILE_PATH if API_PROFILE in self.fix else None

    def steps(self, subscriptions: Sequence[str]) -> list[str]:
        """The fix for some subscriptions, named as in the setup guide."""
        named = " and ".join(f"'{subscription}'" for subscription in subscriptions)
        return [step.replace("{subscriptions}", named) for step in self.fix]


def plain_name(label: str) -> str:
    """A label as it is compared: without case, underscores and hyphens."""
    return label.lower().replace("_", "").replace("-", "")


# Lists of an answer that may be named: any other label is the server's text. By plain name, the fact.
LIST_NAMES: Mapping[str, str] = {
    plain_name(name): f"called_{name}"
    for name in (
        "data", "records", "error", "errors", "warning", "warnings", "messages", "statusInfoSet",
        *(name for endpoint in ENDPOINTS for name in endpoint.list_names),
    )
}  # fmt: skip

# Numbers that may be told beside a meaning.
FACTS: Mapping[str, str] = {
    "of_status": "status {}",
    "attempts": "{} attempts",
    "seconds_behind": "this machine's clock is {} seconds behind the server's",
    "seconds_ahead": "this machine's clock is {} seconds ahead of the server's",
    "received": "{} records received",
    "total": "the server's total is {}",
    "megabytes": "the limit of a page is {} MB",
    "repeated": "{} keys were received on two pages",
    "budget_seconds": "the time budget is {} seconds",
    "labels": "{} fields are the limit",
    "records": "the limit is {} records",
    "kilobytes": "the limit is {} KB",
    "replaced": "{} characters could not be read and were replaced",
    "lists": "{} lists",
    **{fact: f"{{}} called {fact.removeprefix('called_')}" for fact in LIST_NAMES.values()},
}


def message(outcome: Outcome, facts: Mapping[str, int]) -> str:
    """One line for people: what happened, with its numbers."""
    told = ", ".join(words.format(facts[name]) for name, words in FACTS.items() if name in facts)
    return f"{outcome.meaning} ({told})" if told else outcome.meaning


# fmt: off
COMPLETE = Outcome(
    "complete", "complete", "complete",
)
COMPLETE_AFTER_SECOND_PASS = Outcome(
    "complete_after_second_pass", "complete; the second pass matched, after a first one that did not",
    "complete",
)
COMPLETE_WITH_DUPLICATES = Outcome(
    "complete_with_duplicates", "complete; the server has some records twice, as a second pass confirmed",
    "complete",
)

# Every page was received, but the rows don't match.
TOTAL_CONTRADICTED = Outcome(
    "total_contradicted", "the server's total doesn't match the records that it has", "unreconciled", SUPPORT,
    (_OPEN_CASE + "the total of {subscriptions} doesn't match the records that its pages hold.",),
)
RECORDS_CHANGED = Outcome(
    "records_changed", "records were added or removed while the pages were read, also in a second pass",
    "unreconciled", OPERATOR,
    (
        _RUN_AGAIN + "when no one works in eSchoolPLUS, the records stay as they are.",
        "If it happens again, open a case with PowerSchool support: the pages of {subscriptions} keep "
        "changing.",
    ), transient=True,
)
ORDER_UNSTABLE = Outcome(
    "order_unstable",
    "some records were received twice, and in a second pass others: the server's order changes from page to "
    "page, so other records are missing",
    "unreconciled", SUPPORT,
    (
        _OPEN_CASE + "the pages of {subscriptions} repeat some records and leave others out. Ask for a fixed "
                     "order (SQL_ORDER_BY, by the key).",
        "If the endpoint has at most 10,000 records, set page_size for this district to 10000 until then: "
        "a single page repeats nothing.",
    ),
)

# The server refused.
CREDENTIALS_REFUSED = Outcome(
    "credentials_refused", "the key or the secret was not accepted (401)", "refused", ADMIN,
    (
        API_PROFILE,
        "Check that Active is checked.",
        "Compare the Consumer Key letter by letter, and enter the Consumer Secret again on both sides.",
        "Check that Authentication Method is OAuth 1.0, and Signature Method the one in this district's "
        "settings.",
    ),
)
PROFILE_INACTIVE = Outcome(
    "profile_inactive", "the API Profile is not active (401)", "refused", ADMIN,
    (API_PROFILE, "Check Active.", SAVE),
)
SIGNATURE_REFUSED = Outcome(
    "signature_refused", "the signature of the request was not accepted (401)", "refused", OPERATOR,
    (
        "Enter the consumer secret of this district again where plus360 looks for it.",
        "Compare signature_method in the settings with Signature Method in the district's API Profile.",
    ),
)
NONCE_REFUSED = Outcome(
    "nonce_refused", "the server says that the request was sent before (401: nonce)", "refused", OPERATOR,
    (
        "Make sure that no other program uses this consumer key at the same time, then run it again.",
        "If it happens again, open a case with PowerSchool support: every request has a nonce of its own.",
    ),
)
TIMESTAMP_REFUSED = Outcome(
    "timestamp_refused", "the time of the request was not accepted, yet the clocks agree (401: timestamp)",
    "refused", SUPPORT,
    (_OPEN_CASE + "the server refuses timestamps that agree with its own Date header.",),
)
CLOCK_OFF = Outcome(
    "clock_off", "the clocks of this machine and the server differ too much", "refused", OPERATOR,
    (
        "Set this machine's clock by NTP, then run it again.",
        "If this clock is right, ask the district's SIS admin to set the clock of the eSchoolPLUS server.",
    ),
)
NOT_SUBSCRIBED = Outcome(
    "not_subscribed", "not subscribed (403)", "refused", ADMIN,
    (API_PROFILE, "Under Subscriptions, check {subscriptions}.", SAVE),
)
WRONG_CODE = Outcome(
    "wrong_code", "the address does not have the consumer key's code in it (404)", "refused", OPERATOR,
    (
        "Correct base_url in the settings: it ends in /plus360api/v1/ and the middle part of the Consumer "
        "Key in lowercase, such as abc for OneRoster_ABC_123.",
    ),
)
NOT_FOUND = Outcome(
    "not_found", "nothing is at the address (404)", "refused", SUPPORT,
    (
        _OPEN_CASE + "ask for the district's base URL, and whether this release of eSchoolPLUS has "
                     "{subscriptions}.",
    ),
)
WEB_PAGE = Outcome(
    "web_page", "a web page instead of data: a maintenance page, or the login page of a proxy",
    "refused", ADMIN,
    (
        "Open the district's eSchoolPLUS address in a browser. During maintenance, wait until it is over.",
        "If a login page of a proxy or firewall appears, let the path /plus360api pass without a login.",
    ),
)
_NO_REDIRECT = (
    "Set base_url to the address that answers without a redirect: https, and the host of /plus360api.",
    "If base_url is right, ask the district's network staff about a proxy in front of the server.",
)
REDIRECTED_TO_HTTP = Outcome(
    "redirected_to_http", "a redirect to an unencrypted http:// address; nothing was sent there",
    "refused", OPERATOR,
    _NO_REDIRECT,
)
REDIRECTED_TO_ANOTHER_HOST = Outcome(
    "redirected_to_another_host", "a redirect to another host; nothing was sent there", "refused", OPERATOR,
    _NO_REDIRECT,
)
REDIRECTED = Outcome(
    "redirected", "a redirect to another page; nothing was sent there", "refused", OPERATOR,
    _NO_REDIRECT,
)
NO_RECORDS_IN_ANSWER = Outcome(
    "no_records_in_answer", "the answer is not a list of records", "refused", SUPPORT,
    (
        _OPEN_CASE + "{subscriptions} answers with JSON that is not an array of objects, and not an object "
                     "with one such array in it.",
    ),
)
SEVERAL_LISTS = Outcome(
    "several_lists", "the answer has several lists, and nothing says which one has the records",
    "refused", SUPPORT,
    (_OPEN_CASE + "{subscriptions} answers with several arrays of objects in one object; ask for one.",),
)
REFUSED_OTHERWISE = Outcome(
    "refused_otherwise", "the server refused the request", "refused", SUPPORT,
    (_OPEN_CASE + "the server refuses {subscriptions} with this status.",),
)

# No complete answer was received.
HOST_NOT_FOUND = Outcome(
    "host_not_found", "the host of base_url was not found", "broken", OPERATOR,
    (
        "Check the host in base_url, and this machine's DNS.",
        "If both are right, ask the district's SIS admin whether the server has a new name.",
    ), transient=True, retries="few",
)
CONNECTION_REFUSED = Outcome(
    "connection_refused", "the server refuses connections", "broken", OPERATOR,
    (
        "Check the port in base_url.",
        "If it is right, ask the district's SIS admin whether the eSchoolPLUS server is running.",
    ), transient=True, retries="few",
)
NO_ANSWER = Outcome(
    "no_answer", "no answer from the server", "broken", ADMIN,
    (
        "Check that the eSchoolPLUS server is running.",
        "Check that the district's firewall lets the machine that runs plus360 through.",
    ), transient=True, retries="few",
)
_PROXY_IS = "The setting proxy of this district names the proxy or, without it, the variable HTTPS_PROXY."
_NO_PROXY = 'If none is needed here, set proxy = "none" for this district, or name the host in NO_PROXY.'
PROXY_NOT_FOUND = Outcome(
    "proxy_not_found", "no proxy answers at the address of the proxy", "broken", OPERATOR,
    (_PROXY_IS, "Check its host and port, and that it is running.", _NO_PROXY),
    transient=True, retries="few",
)
PROXY_ADDRESS = Outcome(
    "proxy_address", "the variable HTTPS_PROXY does not hold the address of a proxy", "broken", OPERATOR,
    (
        "Write it as http://host:port or http://user:password@host:port. In user and password, write each "
        "character that is not a letter or a digit as % and its two hexadecimal digits.",
        _NO_PROXY,
    ),
)
PROXY_WANTS_LOGIN = Outcome(
    "proxy_wants_login", "the proxy demands a login (407)", "broken", OPERATOR,
    (
        "Set the variable HTTPS_PROXY to http://user:password@host:port, with the proxy's host and port. A "
        "password is never in the settings.",
        "If it is set, check user and password. A proxy that demands NTLM or Kerberos can't be used: ask the "
        "network staff to let this machine through without a login.",
    ),
)
PROXY_REFUSES = Outcome(
    "proxy_refuses", "the proxy does not allow connections to the server", "broken", OPERATOR,
    ("Ask the network staff to allow CONNECT to the host and port of base_url.", _NO_PROXY),
)
PROXY_HAS_NO_WAY = Outcome(
    "proxy_has_no_way", "the proxy can't reach the server", "broken", OPERATOR,
    (
        "Check the host and port in base_url.",
        "If they are right, ask the district's SIS admin whether the eSchoolPLUS server is running, and the "
        "network staff whether the proxy can reach it.",
    ), transient=True, retries="few",
)
NO_TLS = Outcome(
    "no_tls", "no secure connection: the server does not speak TLS 1.2 or later there", "broken", OPERATOR,
    (
        "Check the port in base_url.",
        "If it is right, ask the district's SIS admin to turn on TLS 1.2 on the eSchoolPLUS server.",
    ), transient=True, retries="few",
)
CERTIFICATE_EXPIRED = Outcome(
    "certificate_expired", "the server's certificate has expired", "broken", ADMIN,
    ("Renew the certificate of the eSchoolPLUS server.",),
)
CERTIFICATE_NOT_YET_VALID = Outcome(
    "certificate_not_yet_valid", "the server's certificate is not valid yet", "broken", OPERATOR,
    ("Check this machine's clock.", "If it is right, ask the district's SIS admin about the certificate."),
)
CERTIFICATE_OF_ANOTHER_HOST = Outcome(
    "certificate_of_another_host", "the server's certificate belongs to another host", "broken", OPERATOR,
    (
        "Check the host in base_url.",
        "If it is right, ask the district's SIS admin for a certificate with this host's name.",
    ),
)
CERTIFICATE_NOT_TRUSTED = Outcome(
    "certificate_not_trusted", "the server's certificate is not signed by an authority known here",
    "broken", OPERATOR,
    (
        "Ask the district's SIS admin for its CA certificate, and name the file as ca_bundle in the "
        "settings; or ask to install the whole certificate chain on the server.",
        "If a proxy or firewall of this network inspects TLS, name the file of its CA certificate as "
        "ca_bundle.",
    ),
)
_LOOK_AT_SERVER = ("Check the eSchoolPLUS server's load and log, and a firewall or proxy in front of it.",)
SERVER_ERROR = Outcome(
    "server_error", "the server failed (5xx)", "broken", ADMIN,
    (
        "Check that the eSchoolPLUS server works, and see its error log for this time.",
        "If the server works and the error stays, open a case with PowerSchool support; name "
        "{subscriptions}.",
    ), transient=True, retries="all",
)
THROTTLED = Outcome(
    "throttled", "the server is rate-limiting requests for longer than the time budget allows",
    "broken", OPERATOR,
    (
        "Lower connections for this district, raise time_budget_seconds, or run it at a quieter time.",
    ), transient=True, retries="all",
)
CONNECTION_BROKEN = Outcome(
    "connection_broken", "the server closed the connection before its answer was complete", "broken", ADMIN,
    _LOOK_AT_SERVER, transient=True, retries="all",
)
SILENT = Outcome(
    "silent", "the server stopped answering", "broken", ADMIN,
    _LOOK_AT_SERVER, transient=True, retries="all",
)
TOO_SLOW = Outcome(
    "too_slow", "the server answers too slowly", "broken", ADMIN,
    _LOOK_AT_SERVER, transient=True, retries="all",
)
INCOMPLETE_ANSWER = Outcome(
    "incomplete_answer", "the answer is cut off or damaged", "broken", ADMIN,
    _LOOK_AT_SERVER, transient=True, retries="all",
)
NOT_UTF8 = Outcome(
    "not_utf8", "the answer is not UTF-8 text", "broken", SUPPORT,
    (_OPEN_CASE + "{subscriptions} answers in another encoding than UTF-8.",), retries="all",
)
NOT_JSON = Outcome(
    "not_json", "the answer is not valid JSON", "broken", SUPPORT,
    (
        _OPEN_CASE + "{subscriptions} answers with text that is not JSON by RFC 8259. Usual causes are NaN "
                     "or Infinity as a number, and a comma after the last value.",
    ), retries="few",
)
TOO_MANY_LABELS = Outcome(
    "too_many_labels", "the records have too many different fields", "broken", SUPPORT,
    (
        _OPEN_CASE + "the records of {subscriptions} have thousands of different labels. Values, such as "
                     "ids, may be sent as labels.",
    ),
)
TOO_MANY_RECORDS = Outcome(
    "too_many_records", "a page has too many records", "broken", SUPPORT,
    (_OPEN_CASE + "{subscriptions} ignores limit, and sends all records on one page.",),
)
RECORD_TOO_LARGE = Outcome(
    "record_too_large", "a record is too large: it has too many fields, or one that is too long",
    "broken", SUPPORT,
    (_OPEN_CASE + "a record of {subscriptions} is larger than any student's. Ask which field is so long.",),
)
UNREADABLE = Outcome(
    "unreadable", "the answer can't be read: its JSON or its compression is not what was requested",
    "broken", SUPPORT,
    (_OPEN_CASE + "{subscriptions} answers with JSON that can't be read.",),
)
REPEATED_PAGE = Outcome(
    "repeated_page", "the server sent the same page twice: it ignores offset, or repeats pages",
    "broken", SUPPORT,
    (_OPEN_CASE + "paging by limit and offset does not work for {subscriptions}.",),
)
PAGE_TOO_LARGE = Outcome(
    "page_too_large", "a page is too large", "broken", OPERATOR,
    ("Lower page_size for this district.",),
)
OUT_OF_TIME = Outcome(
    "out_of_time", "the time budget is used up", "broken", OPERATOR,
    ("Raise time_budget_seconds for this district.",), transient=True,
)
INTERRUPTED = Outcome(
    "interrupted", "the pull was stopped", "broken", OPERATOR,
    (_RUN_AGAIN + "nothing else is needed.",), transient=True,
)
NOT_REQUESTED = Outcome(
    "not_requested", "not requested: the run ended before", "missing", OPERATOR,
    ("Read the messages of the nightly run, fix what they name, and run it again.",), transient=True,
)
NOT_RECORDED = Outcome(
    "not_recorded", "an older version of plus360 did not record what happened", "broken", OPERATOR,
    (_RUN_AGAIN + "this version records what happens.",), transient=True,
)
# fmt: on


# The proxy gave no way to the server.
PROXY_OUTCOMES = {PROXY_ADDRESS, PROXY_NOT_FOUND, PROXY_WANTS_LOGIN, PROXY_REFUSES, PROXY_HAS_NO_WAY}


def sentences() -> list[str]:
    """Every text of this table; `{...}` in them stands for a number or the endpoints' subscriptions."""
    texts = [text for one in BY_CODE.values() for text in (one.meaning, *one.fix)]
    return ["{subscriptions} and {subscriptions}", *texts, *FACTS.values()]


BY_CODE = {one.code: one for one in list(globals().values()) if isinstance(one, Outcome)}
