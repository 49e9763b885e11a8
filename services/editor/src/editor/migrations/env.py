"""Alembic's entry into editor's schema."""

from common.db.migrations import run
from editor.models import metadata

run(metadata)
