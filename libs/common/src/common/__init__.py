"""What every service stands on: contracts, bus, database, service shell."""
