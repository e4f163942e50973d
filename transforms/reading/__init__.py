"""Reading: what a file holds, and the records in it."""
