"""Every contract of Civic Health: events, RPC, broker topology, GraphQL. Imports no service and no gateway."""
