"""The surveys service in the GraphQL schema."""
