"""Why a decision is refused: commands know it without what a decision needs."""

from district.errors import Plus360Error


class RefusedError(Plus360Error):
    """There is nothing to decide, or it can't be decided like this."""

    needs_a_person = True
