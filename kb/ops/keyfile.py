"""The secret key of the local mode: made once, kept in a file only its owner can read."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def local_secret_key(path: Path) -> str:
    """Read the key. Makes one if there is none."""
    if not path.exists():
        _create(path)
    return path.read_text(encoding="ascii").strip()


def _create(path):
    # Two processes may start at once: each writes a complete file (0600), and the first link wins.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(get_random_secret_key() + get_random_secret_key())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
