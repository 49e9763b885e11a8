"""Alembic's entry: the publisher's schema."""

from common.db.migrations import run
from publisher.models import metadata

run(metadata)
