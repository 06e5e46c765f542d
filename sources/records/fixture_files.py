"""Reads and writes one fixture file: a YAML mapping in which every scalar is text.

A file ends with a line of three dots, the YAML end of document. Without it a file is refused, since it was cut off.
"""

import codecs
import os
import tempfile

import yaml

MAX_FILE_BYTES = 2_000_000
# A dossier has six levels. The parser recurses once a level, so the depth is counted first.
MAX_DEPTH = 12
END = "..."


class FixtureError(ValueError):
    """A fixture is refused; the message names the file, the record and the field."""


class _TextLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Loads every scalar as text, so that “no” is not false and a date keeps its precision. Refuses repeated keys."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _value in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise FixtureError(f"the key “{sorted(twice)[0]}” stands twice")
        return super().construct_mapping(node, deep)


class _TextDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True

    def represent_list(self, data):
        """Lists of words on one line, lists of entries one below the other."""
        words = all(isinstance(item, str) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=words)


_TextDumper.add_representer(list, _TextDumper.represent_list)


def name_of(path):
    """``agreements/treaty.yaml``: how messages name a file."""
    return f"{path.parent.name}/{path.name}"


def read(path):
    """The bytes of the file. Raises ``FixtureError`` when it is too large or cannot be read."""
    try:
        with open(path, "rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FixtureError(f"{name_of(path)}: it cannot be read ({error.strerror})") from None
    if len(raw) > MAX_FILE_BYTES:
        raise FixtureError(f"{name_of(path)}: larger than {MAX_FILE_BYTES} bytes")
    return raw


def parse(path, raw):
    """The dossier in the bytes of the file at ``path``, all scalars as text. Raises ``FixtureError``."""
    where = name_of(path)
    if raw.startswith(codecs.BOM_UTF8):
        raise FixtureError(f"{where}: starts with a byte-order mark; save it as plain UTF-8")
    try:
        text = raw.decode("utf-8")
        _refuse_bombs(text)
        data = yaml.load(text, Loader=_TextLoader)  # noqa: S506  (a base loader: text only)
    except UnicodeDecodeError as error:
        raise FixtureError(f"{where}: not UTF-8 at byte {error.start}") from None
    except (yaml.YAMLError, FixtureError) as error:
        raise FixtureError(f"{where}: {error}") from None
    if not isinstance(data, dict) or any(not isinstance(key, str) for key in data):
        raise FixtureError(f"{where}: a fixture is one mapping of fields")
    if not text.rstrip().endswith(f"\n{END}"):
        raise FixtureError(f"{where}: the file is cut off; its last line must be “{END}”")
    return data


def _refuse_bombs(text):
    """Raise ``FixtureError`` for aliases and deep nesting, which could exhaust memory. Reads parser events, which do not recurse."""
    depth = 0
    for event in yaml.parse(text, Loader=_TextLoader):
        if isinstance(event, yaml.AliasEvent):
            raise FixtureError("aliases are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise FixtureError(f"nested too deeply; a fixture has at most {MAX_DEPTH} levels")


def as_bytes(data):
    """The bytes of the file that says ``data``."""
    text = yaml.dump(
        _as_text(data),
        Dumper=_TextDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        explicit_end=True,
        width=110,
    )
    return text.encode()


def _as_text(value):
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def replace(path, body):
    """Write to a temporary file, sync, and rename it, so that a crash never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
