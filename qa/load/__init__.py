"""What a run's load would do downstream: read from the warehouse, put into words, and explained."""
