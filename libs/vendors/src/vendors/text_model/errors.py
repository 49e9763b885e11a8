"""Why a text model gave no answer that can be used. What passes by itself is `VendorUnavailable` or its kin."""

from __future__ import annotations

from common.errors import Invalid, Permanent, VendorRefused


class UnknownTask(Permanent):
    """The adapter does not know the task, or not with these classes: a mistake in wiring or in a workflow."""


class BriefNotUnderstood(Invalid):
    """The brief holds no words a film could be made from. Its author must write more; repeating changes nothing."""


class ModelNotConfigured(Permanent):
    """A model is asked for, and this installation was told of none (`GREENLIGHT_TEXT_MODEL=off`)."""


class UnknownModel(Permanent):
    """An agent names a model that the models' file does not have."""


class ModelNotOffered(Invalid):
    """Somebody asks for a model by name that this installation does not offer; `models` says which it does."""


class ModelMissing(Permanent):
    """The endpoint does not have the model it was asked for."""


class ModelRefused(VendorRefused):
    """The model declined to answer, or its filter withheld the answer."""


class AnswerTruncated(Permanent):
    """The model ran into its limit of output before it had finished."""


class ContextOverflow(Permanent):
    """The question is longer than the model can read."""


class TooManyTurns(Permanent):
    """The model went on calling tools and never answered."""


class AnswerMalformed(Permanent):
    """The answer is not what was asked for, and was not after the model had been told so."""


class PriceUnknown(Permanent):
    """Money is capped, and nobody knows what the model costs: the cap could not be kept."""


def require_offered(model: str | None, models: tuple[str, ...]) -> None:
    """Return when nobody is asked for by name, or one of `models`. Raises `ModelNotOffered` with the list."""
    if model is not None and model not in models:
        raise ModelNotOffered(f"There is no model {model!r} here; there are {', '.join(models)}.", models=list(models))
