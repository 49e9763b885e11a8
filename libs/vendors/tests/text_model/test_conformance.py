"""The offline writer keeps the promises of the port."""

from __future__ import annotations

import pytest
from testkit.ports.text_model import TextModelPromises
from vendors.text_model import TextModel
from vendors.text_model.offline import OfflineTextModel


class TestOfflineTextModel(TextModelPromises):
    @pytest.fixture
    def text_model(self) -> TextModel:
        return OfflineTextModel()
