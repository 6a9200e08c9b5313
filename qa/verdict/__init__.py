"""Whether a run is published, held, stopped or failed: the decision, its cause in words, who acts next."""
