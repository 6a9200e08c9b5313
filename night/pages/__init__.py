"""The pages and lists of this package: all districts at a glance, and the setup checklist."""
