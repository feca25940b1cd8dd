"""Scoring: turns answers into a person's own scores, and into figures of areas and groups that expose nobody."""
