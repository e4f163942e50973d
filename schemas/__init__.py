"""What travels: frozen values, and the tables that they are written to."""
