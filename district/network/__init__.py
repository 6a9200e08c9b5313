"""When a district's server may be asked, and through which proxy."""
