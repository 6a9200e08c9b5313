"""What commands said: an event per line, in data/logs, for a program, and for a service manager."""
