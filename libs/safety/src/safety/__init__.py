"""What may be said and shown: rules as data, and what looks for them in text. No I/O but reading the packs."""
