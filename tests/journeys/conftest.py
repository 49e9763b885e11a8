"""Journeys use the stack as people do. One studio serves all journeys that break nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from testkit.studio import Studio, running_studio


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A whole stack in one app process, filming previews."""
    # An order to forget somebody waits that long for what is on its way; here nothing is for half a minute.
    quick = {"GREENLIGHT_AUDIT_ERASURE_SETTLE_SECONDS": "3"}
    with running_studio(tmp_path_factory.mktemp("studio"), environment=quick) as running:
        yield running


@pytest.fixture(scope="session")
def published(studio: Studio) -> str:
    """A run that made and published a film, for all journeys that only look at one."""
    run_id = studio.start("Why bees dance")
    studio.approve_all(run_id)
    return run_id


@pytest.fixture
def own_data(tmp_path: Path) -> Path:
    """A data folder for a studio of one's own."""
    return tmp_path / "data"
