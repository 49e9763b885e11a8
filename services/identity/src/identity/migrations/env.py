"""Alembic's entry for identity's schema."""

from common.db.migrations import run
from identity.models import metadata

run(metadata)
