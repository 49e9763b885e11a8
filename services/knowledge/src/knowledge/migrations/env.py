"""Alembic's entry: knowledge's schema."""

from common.db.migrations import run
from knowledge.models import metadata

run(metadata)
