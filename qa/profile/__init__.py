"""What a run says of the district's data: how complete it is, how it is linked, what labels it has."""
