"""PostgreSQL: one unit of work, row-level security, the outbox, and what migrations need. No business tables here."""
