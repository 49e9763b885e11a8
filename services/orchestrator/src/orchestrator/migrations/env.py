"""Alembic's entry into orchestrator's schema."""

from common.db.migrations import run
from orchestrator.models import metadata

run(metadata)
