"""The commands of plus360, by what they are for; `night.cli` registers them."""
