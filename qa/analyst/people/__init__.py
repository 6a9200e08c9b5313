"""Who is who: finding people, all that is linked to a student, whose records fail, who may be one person."""
