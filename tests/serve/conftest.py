"""The hostile sample, served once for the tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.serving import NEWS, served, written


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("out"), NEWS)


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    with served(folder, seconds=1.5, answer=1_000_000, engines=2, waiting=8) as address:
        yield address
