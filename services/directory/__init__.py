"""The civic directory: organisations, support groups, leaders, people who wish to be active, and funding."""
