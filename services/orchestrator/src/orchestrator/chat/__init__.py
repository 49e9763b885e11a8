"""The supervisor that people talk to: a sentence in, one of a few things done with the speaker's own rights."""
