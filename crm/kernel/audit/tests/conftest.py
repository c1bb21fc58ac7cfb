"""Each audit test has an anchor folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def anchor_dir(settings, tmp_path) -> Path:
    """Where this test's anchors go."""
    settings.ANCHOR_DIR = tmp_path / "anchors"
    return settings.ANCHOR_DIR
