"""What can stop a night before it has a verdict."""


class NightError(Exception):
    """A night cannot be run now; its text is one line for people."""
