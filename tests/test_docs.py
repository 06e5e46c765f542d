"""The documents for engineers name files and modules that are there."""

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = re.compile(r"`([^`\s]+)`")


def names_in(document):
    return sorted(set(NAMES.findall((ROOT / "docs" / document).read_text())))


def is_importable(name):
    """Whether a dotted name leads to a module, or to something in one."""
    module, attributes = name, []
    while "." in module:
        try:
            thing = import_module(module)
        except ModuleNotFoundError:
            module, _dot, attribute = module.rpartition(".")
            attributes.insert(0, attribute)
            continue
        for attribute in attributes:
            if not hasattr(thing, attribute):
                return False
            thing = getattr(thing, attribute)
        return True
    return False


def test_every_file_that_the_architecture_names_is_there():
    paths = [name for name in names_in("architecture.md") if "/" in name and "<" not in name]
    assert len(paths) > 30
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_short_file_name_is_in_a_folder_of_its_row():
    """As in `kb/templates/home.html`, `about.html`."""
    rows = [
        NAMES.findall(line)
        for line in (ROOT / "docs/architecture.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    named = []
    for names in rows:
        paths = [ROOT / name for name in names if "/" in name]
        folders = [path if path.is_dir() else path.parent for path in paths]
        named += [(name, folders) for name in names if re.fullmatch(r"\w+\.(py|html|js|css)", name)]
    assert len(named) > 8
    assert [name for name, folders in named if not any(folder.joinpath(name).exists() for folder in folders)] == []


def test_every_name_that_the_architecture_gives_is_in_its_file():
    """Of the form ``path``: ``Name``, ``other``."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    named = [
        (path, name)
        for path, names in re.findall(r"`([\w/]+\.py)`(?:: | \()((?:`\w+`(?:, )?)+)", text)
        for name in re.findall(r"`(\w+)`", names)
    ]
    assert len(named) > 8
    assert [(path, name) for path, name in named if not re.search(rf"\b{name}\b", (ROOT / path).read_text())] == []


def test_every_module_that_the_glossary_names_is_there():
    names = [name for name in names_in("words.md") if re.match(r"(sources|agreements|people|kb)\.", name)]
    assert len(names) > 40
    assert [name for name in names if not is_importable(name)] == []
