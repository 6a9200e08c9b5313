"""Who a district is and where its files are. Imports none of our other packages."""
