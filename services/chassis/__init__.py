"""What every service stands on. It knows the bus, the database and tenants, and no business word."""
