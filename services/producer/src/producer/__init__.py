"""Makes: script, voice, music and clips."""
