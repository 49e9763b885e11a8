"""HTTP in: parse, authorise, delegate, answer."""
