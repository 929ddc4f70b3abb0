"""What tests of several rooms share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kg.annotate import load_pipeline

if TYPE_CHECKING:
    from spacy.language import Language


# the same examples in every run: a red build is red for everybody
settings.register_profile("kg", derandomize=True, deadline=None)
settings.load_profile("kg")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default pipeline, loaded once; for tests marked `model`."""
    return load_pipeline()
