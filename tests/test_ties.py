"""No result hangs on a tie that another processor breaks the other way: in doctests (root conftest) or in sorts."""

import ast
import importlib.util
from pathlib import Path

import pandas as pd
import pytest

SPEC = importlib.util.spec_from_file_location("root_conftest", Path(__file__).parents[1] / "conftest.py")
assert SPEC is not None and SPEC.loader is not None
PACKAGE = Path(__file__).parents[1] / "src" / "evidence"
ROOT = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(ROOT)


@pytest.mark.parametrize(
    ("source", "ties"),
    [
        ("round(0.04025, 4)", [0.04025]),
        ("x = {name: round(s, 3) for name, s in {'a': 0.0485, 'b': 0.04}.items()}", [0.0485]),
        ("pd.Series([0.125, 0.3]).round(2).to_dict()", [0.125]),
        ("np.round(0.35 + 1e-11, 1)", [0.35 + 1e-11]),
        ("f'{0.045:.2f} {0.3:.2f} {0.125:.0%}'", [0.045, 0.125]),
        ("round(0.04026, 4), round(7), round(2.5 + 1e-8)", []),
    ],
)
def test_a_tie_is_seen_and_the_example_says_what_it_said(source, ties):
    import numpy as np

    found: list[float] = []

    def look(value, digits):
        found.extend(ROOT.tied(value, digits))

    exec(ROOT.looked_at(source), {"__look": look, "pd": pd, "np": np})
    assert found == pytest.approx(ties)


def test_what_is_looked_at_gives_the_same_value():
    assert eval(ROOT.looked_at("round(1.25, 1) + len(f'{0.3:.2f}')").strip(), {"__look": lambda *_: None}) == 5.2


def test_a_doctest_with_a_tie_fails_and_names_it(tmp_path):
    import subprocess
    import sys

    (tmp_path / "conftest.py").write_text(Path(ROOT.__file__).read_text("utf-8"), "utf-8")
    (tmp_path / "example.py").write_text('"""\n>>> round(0.04025, 4)\n0.0402\n"""\n', "utf-8")
    call = [sys.executable, "-m", "pytest", "--doctest-modules", "-p", "no:cacheprovider", "example.py"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "0.04025 is a tie at 4 digits" in done.stdout


def hasty(call: ast.Call) -> bool:
    """A sort by one key that leaves equal ones in the order which the processor's algorithm happens to give them."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    several = call.args and isinstance(call.args[0], ast.List | ast.Name)  # pandas sorts by several keys stably
    return (name == "argsort" or (name == "sort_values" and not several)) and not any(
        keyword.arg == "kind" for keyword in call.keywords
    )


def test_sorts_by_one_key_leave_equal_ones_as_they_came():
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and hasty(node)
    ]
    found = [where for where in found if not where.startswith("sensitivity/gosh.py")]  # of random numbers: no ties
    assert not found, 'say kind="stable"'
    for source, is_so in {"a.argsort()": True, "f.sort_values('x')": True, "f.sort_values(['x', 'y'])": False}.items():
        assert hasty(ast.parse(source, mode="eval").body) is is_so
