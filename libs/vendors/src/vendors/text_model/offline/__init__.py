"""The offline writer: rules and a fact base instead of a model."""

from vendors.text_model.offline.model import OfflineTextModel

__all__ = ["OfflineTextModel"]
