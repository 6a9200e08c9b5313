"""How a run becomes the published one, and how the next run repairs what a killed one left."""
