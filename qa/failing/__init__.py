"""Which records fail the checks: their values for the district alone, their schools in bands."""
