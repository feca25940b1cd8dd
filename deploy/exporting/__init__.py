"""Responses into files that other tools read."""
