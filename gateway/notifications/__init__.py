"""The notifications service in the GraphQL schema."""
