"""One district's night, then all of them: the gate, publishing, export, the command line."""
