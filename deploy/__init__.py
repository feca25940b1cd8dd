"""How Civic Health is set up, started and operated."""
