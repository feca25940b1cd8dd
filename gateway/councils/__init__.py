"""The council and the caller in the GraphQL schema; answered by the gateway itself."""
