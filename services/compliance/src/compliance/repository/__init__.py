"""All SQL of the service, one module a subject."""
