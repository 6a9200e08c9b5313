"""Sends the import of a published run to the receiving system, and records it.

`sftp` connects and sends; `upload` is the order in which files are put in place; `errors` says what went
wrong; `deliver` decides what is sent; `record` is history.deliveries.
"""
