"""What people see in the terminal: lines, refusals and the progress of nightly runs."""
