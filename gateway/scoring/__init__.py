"""The scoring service in the GraphQL schema."""
