"""The host's own reference data: the councils and their areas. Written by the operator, read by every service."""
