"""Who may import whom, and what each command may load."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"numpy", "sqlalchemy", "alembic", "fsrs", "markdown_it", "pygments", "textual", "rich"}


def loaded_by(code: str, home: Path) -> set[str]:
    """The modules in sys.modules after `code`, run in a process of its own."""
    show = "import sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=home,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "DROPS_HOME": str(home / "drops"),
            "PYTHONUTF8": "1",
        },
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "command", ["today --json", "today --quiet", "path --json", "--help", "check --help"]
)
def test_commands_that_print_load_nothing_heavy(command, tmp_path):
    code = f"from drops.cli.main import main\ntry:\n    main({command.split()!r})\nexcept SystemExit:\n    pass"
    assert loaded_by(code, tmp_path) & HEAVY == set()


def test_a_day_with_history_is_told_without_anything_heavy(tmp_path, study, learner, home):
    learner.day()
    study.close()
    code = f"from drops.cli.main import main; main(['--home', {str(home)!r}, 'today', '--json'])"
    assert loaded_by(code, tmp_path) & HEAVY == set()


def test_importing_the_app_loads_textual_but_neither_numpy_nor_a_database(tmp_path):
    assert loaded_by("import drops.tui.app", tmp_path) & HEAVY <= {"textual", "rich"}


PHASES = ("clinic", "depth", "design", "forward", "lab", "neuron", "sequences", "training")


@pytest.mark.parametrize(("kind", "phase"), [("region", "neuron"), ("layout", "forward"), ("clinic", "clinic")])
def test_an_exercise_loads_its_own_phase_and_no_other(kind, phase, tmp_path):
    code = f"import drops.study.study; from drops import catalog; catalog.draw({kind!r}, 3, {{}})"
    loaded = loaded_by(code, tmp_path)
    found = {one for one in PHASES if any(name.startswith(f"drops.networks.{one}.") for name in loaded)}
    assert found - {"forward"} == {phase} - {"forward"}  # figures are programs by way of the net 2-3-1


def test_a_training_loads_no_masked_arrays(tmp_path):
    """They are 2 MB and 8 ms in the middle of a run; who has one has loaded them."""
    code = (
        "from drops import catalog; from drops.networks.nudged import Hold\n"
        "run = catalog.FIGURES['bend-a-wave']({}).run\n"
        "assert any(frame for frame in run.frames(3))"
    )
    loaded = loaded_by(code, tmp_path)
    assert "nnlab.train" in loaded
    assert "numpy.ma" not in loaded


APP = "from drops.cli import lessons; lessons.do_without_openssl(); import drops.tui.app, drops.study.study, drops.tui.screens.drop, drops.store.log, hashlib, random"


@pytest.mark.slow
def test_the_app_is_whole_without_openssl(tmp_path):
    check = "import sys; assert hashlib.blake2b(b'drops', digest_size=4).hexdigest() == '%s'; drops.catalog"
    wanted = hashlib.blake2b(b"drops", digest_size=4).hexdigest()
    assert loaded_by(f"{APP}\n{check % wanted}", tmp_path) >= {"numpy", "sqlalchemy"}
    assert "_ssl" not in loaded_by(APP, tmp_path)


@pytest.mark.slow
def test_where_python_has_no_hashes_of_its_own_openssl_stays(tmp_path):
    without = APP.replace("lessons.do_", "lessons.find_spec = {}.get; lessons.do_", 1)
    assert "_ssl" in loaded_by(without, tmp_path)


@pytest.mark.slow
def test_every_import_contract_holds():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_numpy_has_its_owners():
    owners = {
        path.relative_to(ROOT).parts[:2]
        for path in [*ROOT.glob("drops/**/*.py"), *ROOT.glob("nnlab/**/*.py")]
        if "import numpy" in path.read_text(encoding="utf-8")
    }
    assert {parts[0] if parts[0] == "nnlab" else "/".join(parts) for parts in owners} <= {
        "nnlab",
        "drops/networks",
        "drops/exercises",
        "drops/catalog.py",
    }
