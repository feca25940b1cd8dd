"""Setting up database and broker: roles, schemas, migrations, queues. Every step may be repeated."""
