"""A kind of record is one models file, one admin, one filter set, one serializer and one template, listed nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_a_new_kind_is_met_everywhere(tmp_path):
    migrations = tmp_path / "scratch_migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    settings = {"DJANGO_SETTINGS_MODULE": "tests.scratch_kind.settings", "CONCORDANCE_VAR": str(tmp_path / "var")}
    surroundings = {**os.environ, **settings, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}

    def run(*command):
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=surroundings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    run("-m", "django", "makemigrations", "scratch_kind", "--name", "patrols")
    walk = "tests/scratch_kind/walk.py"
    run("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "--create-db", "--ds=tests.scratch_kind.settings", walk)


def test_the_steps_are_told():
    told = (ROOT / "docs" / "adding-a-kind.md").read_text()
    files = {path.name for path in (ROOT / "tests" / "scratch_kind").rglob("*.*") if path.suffix in (".py", ".html")}
    own = files - {"__init__.py", "settings.py", "walk.py", "patrol_page.html"}
    assert all(name in told for name in (*own, "_page.html"))
