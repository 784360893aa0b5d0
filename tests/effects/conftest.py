import json
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session")
def recovery():
    """Numbers of validation/recovery.R: {part: {name: array}}."""
    parts = json.loads((Path(__file__).parents[1] / "oracle" / "recovery.json").read_text())
    return {
        part: {name: np.array(values, dtype=float) for name, values in columns.items()}
        for part, columns in parts.items()
    }
