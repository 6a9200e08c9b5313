"""Nightly runs that are as they should be: what people changed during the day, or the calendar did."""

from bench.load_gate.ordinary import days, formats, kept, sizes, year

SITUATIONS = (
    *days.SITUATIONS,
    *formats.SITUATIONS,
    *kept.SITUATIONS,
    *sizes.SITUATIONS,
    *year.SITUATIONS,
)
