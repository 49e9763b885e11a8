"""Alembic's entry into ideation's schema."""

from common.db.migrations import run
from ideation.models import metadata

run(metadata)
