"""Logs, metrics and traces: what operators see. Nothing here knows a service or a stage."""
