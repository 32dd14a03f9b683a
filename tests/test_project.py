"""What a published project has beside its code: it is there, and what it says is so."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from drops import __version__
from drops.cli.parser import COMMANDS, build_parser

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


def test_the_man_page_names_every_command_and_every_option():
    page = (ROOT / "docs" / "drops.1").read_text("utf-8").replace("\\-", "-")
    for command in COMMANDS:
        assert f"drops {command.name}" in page, "python packaging/man.py writes it anew"
    options = set(re.findall(r"--[a-z][a-z-]+", build_parser().format_help()))
    for action in build_parser()._subparsers._group_actions[0].choices.values():
        options |= set(re.findall(r"--[a-z][a-z-]+", action.format_usage()))
    assert {option for option in options if option not in page} == set(), "python packaging/man.py writes it anew"


def test_the_versions_that_were_tried_together_are_those_that_are_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    tried = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    extras = [one for extra in ("web", "class") for one in project["optional-dependencies"][extra]]
    for one in map(Requirement, (*project["dependencies"], *extras)):
        if one.name == project["name"]:
            continue
        assert tried[one.name.lower()] in one.specifier, one


def test_the_pages_of_the_site_lead_to_each_other(tmp_path, monkeypatch):
    site = runpy.run_path(str(ROOT / "packaging" / "site.py"))
    write_pages = site["write_pages"]
    monkeypatch.setitem(write_pages.__globals__, "PAGES", tmp_path / "pages")
    write_pages()
    for page in site["MOVED"].values():
        text = (tmp_path / "pages" / page).read_text("utf-8")
        for link in re.findall(r"\]\((?!https?:|term:|drop:|blank:)([^)#]*)(?:#[^)]*)?\)", text):
            assert not link or (tmp_path / "pages" / link).exists(), f"{page}: {link}"
