"""Pages for people without an account: plain HTML that the server writes, with no script anywhere."""
