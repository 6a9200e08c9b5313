"""The machine a nightly run works on: its processes, the signals that end them, and what it can lack."""
