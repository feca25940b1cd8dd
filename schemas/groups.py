"""The group attribute that people are not asked for: which community group they answer with."""

COMMUNITY_GROUP = "community_group"
"""Its categories are community groups, named as tokens name them. A group link gives it; nobody can claim it."""
