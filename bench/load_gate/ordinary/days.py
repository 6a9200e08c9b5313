"""Days at school: 1 to 8% of something changes, with other people and seeds each time."""

from __future__ import annotations

from bench.load_gate.ordinary.edits import (
    birth_dates,
    emails,
    flags,
    marriages,
    moves,
    phones,
    priorities,
    relations,
    student_names,
    transfers,
)
from bench.load_gate.ordinary.people import (
    arrivals,
    guardians_added,
    guardians_entered_anew,
    guardians_removed,
    leavers,
    leavers_by_status,
    twins_born,
)
from bench.load_gate.rows import Change, in_turn
from bench.load_gate.situation import Night, ordinary


def day(share: float) -> Change:
    """A bit of everything: each kind of change has its part of the share."""
    return in_turn(
        *(moves(share / 4), phones(share / 4), emails(share / 4), marriages(share / 8), flags(share / 8)),
        *(student_names(share / 16), transfers(share / 8), relations(share / 16), priorities(share / 16)),
        *(guardians_added(share / 8), guardians_removed(share / 16)),
        *(leavers(share / 16), arrivals(share / 8)),
    )


# What a busy day changes at most, by kind. Names, birth dates and people change far less than phones.
KINDS = (
    ("names of students corrected", student_names, (0.01, 0.03)),
    ("birth dates corrected", birth_dates, (0.01,)),
    ("guardians married", marriages, (0.01, 0.04)),
    ("phones changed", phones, (0.01, 0.04, 0.08)),
    ("families moved", moves, (0.01, 0.04, 0.08)),
    ("emails changed", emails, (0.02, 0.08)),
    ("custody flags changed", flags, (0.01, 0.04)),
    ("priorities changed", priorities, (0.08,)),
    ("relations corrected", relations, (0.05,)),
    ("students transferred between schools", transfers, (0.02, 0.06)),
    ("new families", arrivals, (0.01, 0.04, 0.08)),
    ("students gone", leavers, (0.01, 0.03)),
    ("students withdrawn", leavers_by_status, (0.02,)),
    ("guardians added", guardians_added, (0.02, 0.08)),
    ("guardians removed", guardians_removed, (0.01, 0.04)),
    ("guardians entered again", guardians_entered_anew, (0.01, 0.03)),
)

SITUATIONS = (
    *(
        ordinary(f"{share:.0%} {name}", "sample", kind(share))
        for name, kind, shares in KINDS
        for share in shares
    ),
    *(
        ordinary(f"a day that changes {share:.0%} of {district}", district, day(share))
        for district, share in (
            ("sample", 0.01),
            ("sample", 0.04),
            ("sample", 0.08),
            ("300", 0.02),
            ("300/2", 0.04),
            ("300/3", 0.08),
            ("1000/4", 0.03),
            ("5000", 0.02),
        )
    ),
    ordinary("five busy days", "300", *[day(0.04)] * 5),
    ordinary("twins registered", "300", twins_born),
    ordinary("nothing changed", "sample", Night()),
    ordinary("holidays: four nights without change", "300", *[Night()] * 4),
)
