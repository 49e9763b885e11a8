"""ffmpeg, fonts and subtitles: the craft shared by producer and editor."""
