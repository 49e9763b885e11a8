"""The pure core: a run's state, what can happen to it, what follows. No I/O, no clock, no randomness in here."""
