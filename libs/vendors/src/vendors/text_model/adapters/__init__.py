"""Language models over HTTP, one file for each way to speak."""
