"""The setup guide as a checklist: what a short probe of a district says about each setting."""
