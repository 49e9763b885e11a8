"""Speech: text in, sound and the time of every written word out. `port.py` is the promise."""
