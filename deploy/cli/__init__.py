"""`civic`, the operator's command line."""
