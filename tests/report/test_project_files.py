"""What the repository promises about itself."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]


def names(requirements: list[str]) -> set[str]:
    found = {re.split(r"[\[<>=!~ ;]", text, maxsplit=1)[0].lower().replace("_", "-") for text in requirements}
    return found - {"acupuncture-evidence"}


def test_conda_users_get_the_packages_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [text for extra in project["optional-dependencies"].values() for text in extra]
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = [text for text in listed if isinstance(text, str)]
    pip = [text for entry in listed if isinstance(entry, dict) for text in entry["pip"] if not text.startswith("-")]
    renamed = {"matplotlib-base": "matplotlib", "dask-core": "dask"}
    got = {renamed.get(name, name) for name in names(conda + pip)} - {"python", "make"}
    assert got == names(wanted)


def test_the_lock_file_pins_with_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock and "--index-url" not in lock
    pins = re.findall(r"^[a-z0-9][^\s]*==", lock, flags=re.MULTILINE)
    assert len(pins) > 100 and lock.count("--hash=sha256:") >= len(pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert names(project["dependencies"]) <= {re.split(r"[\[=]", pin)[0].lower() for pin in pins}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_stories(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
    for cell in cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 14  # folded
            assert "def " not in cell.source
            assert not [out for out in cell.outputs if out.output_type == "error"]
        else:
            assert not re.search(r"\d\.\d", cell.source), "a number typed into prose"
    if path.stem[0].isdigit():
        assert any(cell.get("outputs") for cell in cells), "committed with outputs"
    else:
        assert not any(cell.get("outputs") for cell in cells), "a live widget has none that outlive its kernel"


def test_the_data_package_describes_every_table() -> None:
    folder = ROOT / "data" / "raw"
    package = json.loads((folder / "datapackage.json").read_text())
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in folder.glob("*.csv")}


def test_the_tests_can_be_collected_without_a_browser() -> None:
    files = [*(ROOT / "tests").glob("*.py"), *(ROOT / "tests").glob("*/*.py")]
    early = [path.name for path in files if re.search(r"^(from|import) playwright", path.read_text(), re.MULTILINE)]
    assert len(files) > 50 and early == []
