"""NATS: declared streams, the connection, the relay that empties the outbox, and the runner. No business here."""
