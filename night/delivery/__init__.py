"""Sends the import of a published run to the receiving system, and records it.

`sftp` connects and sends; `upload` is the order in which files are put in place; `errors` says what went
wrong; `attempt` is one attempt with how it ended; `deliver` decides what is sent; `record` is
history.deliveries; `check` shows in the checklist whether a delivery would work.
"""
