"""The shell every service wears: settings in, an app with health, metrics, auth, errors, bus and relay out."""
