"""PostgreSQL, NATS and Redis from wheels, and the supervisor that keeps a whole stack alive."""
