"""What is told of the runs while no one watches: one notification a run, district notices, a ping."""
