"""Safety models: the port, and the adapters behind it."""

from vendors.safety.port import CATEGORIES, Judgement, SafetyModel, category_of, title_of

__all__ = ["CATEGORIES", "Judgement", "SafetyModel", "category_of", "title_of"]
