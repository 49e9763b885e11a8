"""Alembic's entry into producer's schema."""

from common.db.migrations import run
from producer.models import metadata

run(metadata)
