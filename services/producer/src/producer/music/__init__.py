"""Music beds: composed from a mood and a seed, played by numpy, in tune with the length of the film.

`moods` says what a mood is, `score` writes the notes, `instruments` make the sounds, `mix` plays them together.
"""

from producer.music.instruments import SAMPLE_RATE
from producer.music.mix import compose_bed, compose_wav, level, wav_bytes
from producer.music.moods import MOODS, choose_mood

__all__ = ["MOODS", "SAMPLE_RATE", "choose_mood", "compose_bed", "compose_wav", "level", "wav_bytes"]
