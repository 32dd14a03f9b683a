"""What a published project has beside its code: it is there, and what it says is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from drops import __version__

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_the_project_leads_somewhere(name):
    text = (ROOT / name).read_text("utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", text):
        assert not link or (ROOT / link).exists(), link


def test_the_version_is_the_same_wherever_it_is_said():
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_python_that_is_promised_is_tried_and_named():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = set(re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"])))
    tried = set(re.findall(r'"(3\.\d+)"', (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")))
    assert named == tried
    assert min(named, key=lambda v: int(v[2:])) == project["requires-python"].removeprefix(">=")


def test_the_issue_forms_ask_for_what_the_doctor_says():
    assert "drops doctor" in (ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong.yml").read_text("utf-8")
