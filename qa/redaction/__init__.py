"""What makes a file safe to email: the scan, what it allows, and pseudonyms."""
