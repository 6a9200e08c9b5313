"""Whether a checklist that is shared may say how many records an endpoint has.

The rule is that of qa/redaction/suppression.py, from one probe instead of the runs of many nights.
"""

from district.endpoints import BY_NAME, is_few, with_what_belongs_to
from extract.preflight.probe import Probe


def counts(probe: Probe, endpoint: str) -> bool:
    """Whether an endpoint's records are counted; not where it or what it belongs to may have few people."""
    few = {
        BY_NAME[name].mart
        for name, sample in probe.samples.items()
        # Of an endpoint that gave no page, no one knows.
        if BY_NAME[name].is_personal
        and (not sample.pages or is_few(sample.total or 0) or is_few(len(sample.records)))
    }
    return BY_NAME[endpoint].mart not in with_what_belongs_to(few)
