"""The directory service in the GraphQL schema."""
