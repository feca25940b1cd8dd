"""The case studies service in the GraphQL schema."""
