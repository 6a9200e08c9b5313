"""What a person decides: release or discard a held run, pause a district, and what to look at before."""
