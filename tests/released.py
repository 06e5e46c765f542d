"""The migrations of the last release, which are frozen: ``tests/released_migrations.txt``.

``python -m tests.released`` writes the list again, as a step of a release only.
"""

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "released_migrations.txt"
APPS = ("sources", "people", "agreements")


def migrations():
    """``{"app/name": path}`` of every migration, in the order of their numbers."""
    return {f"{app}/{path.stem}": path for app in APPS for path in sorted((ROOT / app / "migrations").glob("0*.py"))}


def digest(path):
    """A digest of what a migration does: comments, docstrings and the places of what it imports may change."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            node.body = [child for child in node.body if not _is_docstring_or_import(child)]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]


def _is_docstring_or_import(node):
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, (ast.Import, ast.ImportFrom))


def released():
    """``{"app/name": digest}``."""
    return dict(line.split() for line in LIST.read_text().splitlines())


def last_released():
    """``{app: name}``: to migrate to these is to have the database of the release."""
    return dict(name.split("/") for name in released())


if __name__ == "__main__":
    LIST.write_text("".join(f"{name} {digest(path)}\n" for name, path in migrations().items()))
