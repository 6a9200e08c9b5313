"""How a district's server replies: by the API's rules, changed by faults where a test sets them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from sandbox.faults.fault import Fault
from sandbox.population.source import Record, Source
from sandbox.server.messages import Call, Reply, Window
from sandbox.server.oauth import Verifier
from sandbox.server.profile import Profile

Total = Literal["header", "body", "nowhere"]


class Api:
    """Replies to calls for one district."""

    def __init__(
        self,
        source: Source,
        profile: Profile,
        verifier: Verifier,
        *,
        base_path: str,
        page_cap: int,
        default_limit: int,
        total: Total,
        faults: Sequence[Fault],
    ) -> None:
        """What the replies depend on; `base_path` is the path of the base URL, with slashes on both ends."""
        self._source = source
        self._profile = profile
        self._verifier = verifier
        self._base_path = base_path
        self._page_cap = page_cap
        self._default_limit = default_limit
        self._total = total
        self._faults = faults

    def reply(self, call: Call) -> Reply:
        """The reply to a call, faults included."""
        # First, because a nonce counts as used even if the reply is an error.
        is_signed = self._is_signed(call)
        faults = [fault for fault in self._faults if fault.applies_to(call)]
        for fault in faults:
            if instead := fault.instead(call):
                return instead
        reply = self._refusal(call, is_signed) or self._page(call, faults)
        for fault in faults:
            reply = fault.reply(call, reply)
        return reply

    def _is_signed(self, call: Call) -> bool:
        uri = f"https://{call.host}{call.path}" + (f"?{call.query}" if call.query else "")
        return self._verifier.accepts(call.method, uri, call.authorization)

    def _refusal(self, call: Call, is_signed: bool) -> Reply | None:
        if not is_signed or not self._profile.active:
            return message(401, "Authorization has been denied for this request.")
        if not call.endpoint or call.path != f"{self._base_path}eSchoolPLUS/{call.endpoint}":
            return message(404, "No HTTP resource was found that matches the request URI.")
        if call.method != "GET":
            return message(405, "The requested resource does not support this method.")
        if call.endpoint not in self._profile.subscriptions:
            return message(403, "The caller is not subscribed to this resource.")
        return None

    def _page(self, call: Call, faults: Sequence[Fault]) -> Reply:
        limit = self._default_limit if call.limit is None else call.limit
        window = Window(call.offset, min(limit, self._page_cap))
        for fault in faults:
            window = fault.window(call, window)
        total = self._source.count(call.endpoint, self._profile) - window.hidden
        lines = self._source.lines(call.endpoint, window.offset + window.hidden, window.limit, self._profile)
        for fault in faults:
            lines = fault.lines(call, lines)
            total = fault.total(call, total)
        body = self._body(call, self._rewritten(call, lines, faults), total, faults)
        headers = {"X-Total-Count": str(total)} if self._total == "header" else {}
        return Reply(200, body, headers)

    def _rewritten(self, call: Call, lines: list[bytes], faults: Sequence[Fault]) -> list[bytes]:
        """The lines, unchanged unless the API Profile or a fault changes records."""
        rewriting = [fault for fault in faults if fault.rewrites_records]
        without_birthdate = call.endpoint == "Student" and not self._profile.date_of_birth
        if not rewriting and not without_birthdate:
            return lines
        rewritten = []
        for line in lines:
            record: Record = json.loads(line)
            if without_birthdate:
                record = {label: value for label, value in record.items() if label.lower() != "birthdate"}
            for fault in rewriting:
                record = fault.record(call, record)
            rewritten.append(json.dumps(record, ensure_ascii=False).encode())
        return rewritten

    def _body(self, call: Call, lines: list[bytes], total: int, faults: Sequence[Fault]) -> bytes:
        body = b"[" + b",".join(lines) + b"]"
        for fault in faults:
            body = fault.array(call, body)
        labels = [label for fault in faults if (label := fault.array_label(call))]
        if labels or self._total == "body":
            count = b'"total":%d,' % total if self._total == "body" else b""
            label = labels[0] if labels else "data"
            body = b'{%s"%s":%s}' % (count, label.encode(), body)
        for fault in faults:
            body = fault.body(call, body)
        return body


def message(status: int, text: str) -> Reply:
    """A reply without records."""
    return Reply(status, json.dumps({"message": text}).encode())
