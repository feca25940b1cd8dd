"""What operators do to a running system, apart from how they ask for it."""
