"""Every notebook runs from top to bottom, and is stored without outputs."""
import json

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_five_notebooks():
    assert len(NOTEBOOKS) == 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_notebook_runs_and_is_true_to_its_text(path):
    text = json.loads(path.read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in text["cells"]), "outputs are stripped in git"
    NotebookClient(nbformat.read(path, as_version=4), timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
