"""GraphQL for Civic Health: who calls, for which council, what they may do, and what the services answered."""
