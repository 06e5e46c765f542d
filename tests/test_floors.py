"""The order of the floors: imports, and names in strings, lead downwards only."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin import AdminSite

from sources.records.dossier import documented_models
from tests.content import APPS
from tests.routes import patterns

ROOT = Path(__file__).resolve().parent.parent
# From the lowest to the highest. What knows no app of ours is a floor of its own.
FLOORS = ("sources.lib", "sources", "people", "agreements", "kb")
FOLDERS = ("kb", *APPS)
DOTTED = re.compile(rf"(?:{'|'.join(FOLDERS)})(?:\.\w+)+")
TAG = re.compile(r"{%-?\s*(\w+)\s+(.*?)-?%}", re.DOTALL)
QUOTED = re.compile(r"\"([^\"]+)\"|'([^']+)'")
LABEL = re.compile(r"\|\s*label\s*[:(]\s*[\"']([\w.]+)[\"']")
# Calls that take the name of an address first.
NAMING_AN_ADDRESS = ("reverse", "reverse_lazy", "redirect", "resolve_url")


def floor_of(module):
    """The floor of a module or of something in it; ``None`` for other packages."""
    return next((floor for floor in FLOORS if module == floor or module.startswith(f"{floor}.")), None)


def is_above(floor, own):
    """Whether ``floor`` is higher than ``own``; other packages have no floor."""
    return floor is not None and FLOORS.index(floor) > FLOORS.index(own)


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def modules():
    """``(path, floor, tree)`` of every module of ours."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, floor_of(module_of(path)), ast.parse(path.read_text())


def templates():
    """``(path, floor, text)`` of every template of ours."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.html")):
            yield path, folder, path.read_text()


# What a name leads to


@cache
def file_floors():
    """``{name: floor}`` of templates and static files; where a floor above replaces one of the same name, the lower floor."""
    floors = {}
    for folder in FOLDERS:
        for kind in ("templates", "jinja2", "static"):
            base = ROOT / folder / kind
            # From the roof down, so that the lowest one stays.
            floors |= {str(path.relative_to(base)): folder for path in base.rglob("*") if path.is_file()}
    return {name: floor for name, floor in floors.items() if not replaces_one_of_a_library(name)}


def replaces_one_of_a_library(name):
    """Whether the file replaces one of a library, so that its name belongs to no floor."""
    libraries = (app.path for app in apps.get_app_configs() if app.name not in FOLDERS)
    return any((Path(folder) / kind / name).exists() for folder in libraries for kind in ("templates", "static"))


@cache
def address_floors():
    """``{name of an address: floor}``, by what it belongs to: the kind of its records, the app of its editing screen, or the
    module of its view."""
    kinds = {kind: model._meta.app_label for kind, model in documented_models().items()}
    floors = {}
    for _address, pattern in patterns():
        view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", pattern.callback)
        name = pattern.name or ""
        app = name.partition("_")[0] if name.partition("_")[0] in FOLDERS else None
        floors[name] = kinds.get(name.partition("-")[0]) or app or floor_of(getattr(view, "__module__", ""))
    # The stock screens of the admin, which the roof only makes its own.
    stock = {pattern.name for pattern in AdminSite().get_urls()}
    return {name: floor for name, floor in floors.items() if name not in stock}


def floor_of_address(name):
    """The floor of an address by its name; the editing screens have a namespace."""
    return address_floors().get(str(name).removeprefix("admin:"))


@cache
def tag_floors():
    """``{library of template tags: floor}``."""
    return {path.stem: folder for folder in FOLDERS for path in (ROOT / folder / "templatetags").glob("*.py")}


@cache
def word_floors():
    """``{word: floor}`` for the names of kinds and of lists of parts, which a floor below has no business to know."""
    floors = {}
    for floor in reversed(FOLDERS[1:]):
        for model in documented_models().values():
            if model._meta.app_label == floor:
                floors |= {word: floor for word in (model.KIND, *model.PARTS) if word not in floors}
    return floors


# What a file names


def imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports by dots"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings_of(tree):
    """Every string that is not an explanation."""
    explanations = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explanations:
            yield node.value


def addresses_named_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in NAMING_AN_ADDRESS:
                yield node.args[0].value


def named_in_module(tree):
    """``(name, floor)`` of what a module names in its strings."""
    for text in strings_of(tree):
        if DOTTED.fullmatch(text):
            yield text, floor_of(text)
        elif text in file_floors():
            yield text, file_floors()[text]
        elif text in word_floors():
            yield text, word_floors()[text]
    for name in addresses_named_in(tree):
        yield name, floor_of_address(name)


def named_in_template(text):
    """``(name, floor)`` of what a template names: other files, addresses, libraries of tags, fields of models."""
    for tag, rest in TAG.findall(text):
        if tag == "load":
            yield from ((name, tag_floors().get(name)) for name in rest.split())
        for name in ("".join(pair) for pair in QUOTED.findall(rest)):
            if tag == "url":
                yield name, floor_of_address(name)
            elif name in file_floors():
                yield name, file_floors()[name]
    for path in LABEL.findall(text):
        yield path, floor_of(path)


# The order


def test_imports_point_downwards_only():
    upwards = [
        (module_of(path), name)
        for path, own, tree in modules()
        for name in imports_of(tree)
        if is_above(floor_of(name), own)
    ]
    assert upwards == []


def test_no_string_in_a_module_names_a_floor_above():
    upwards = [
        (module_of(path), name)
        for path, own, tree in modules()
        for name, floor in named_in_module(tree)
        if is_above(floor, own)
    ]
    assert upwards == []


def test_no_template_names_a_floor_above():
    upwards = [
        (str(path.relative_to(ROOT)), name)
        for path, own, text in templates()
        for name, floor in named_in_template(text)
        if is_above(floor, own)
    ]
    assert upwards == []


def test_lib_imports_no_app():
    outside = [
        (module_of(path), name)
        for path, own, tree in modules()
        if own == "sources.lib"
        for name in imports_of(tree)
        if floor_of(name) not in (None, "sources.lib")
    ]
    assert outside == []


# The test itself


def test_the_floors_are_read_from_real_files():
    imports = imports_of(ast.parse((ROOT / "agreements" / "admin.py").read_text()))
    assert "sources.desk.record_admin.RecordAdmin" in set(imports)
    assert file_floors()["base.html"] == file_floors()["record.html"] == "sources"
    assert address_floors()["compare"] == address_floors()["agreements-page"] == "agreements"
    assert address_floors()["home"] == "kb" and address_floors()["people"] == "people"
    assert tag_floors()["compare"] == "agreements" and word_floors()["milestones"] == "agreements"
    assert {app.name for app in apps.get_app_configs()} >= set(FOLDERS)


@pytest.mark.parametrize(
    "line",
    [
        'import_string("agreements.api.AgreementSerializer")',
        'apps.get_model("agreements.Agreement")',
        'models.ForeignKey("agreements.Agreement", models.PROTECT)',
        'render(request, "agreements/compare.html")',
        'css = {"all": ("agreements/compare.css",)}',
        'reverse("home")',
        'reverse("agreements-page", args=[slug])',
        'reverse("admin:agreements_agreement_changelist")',
        'redirect("admin:worklist", "review")',
        'labels = {("milestones", "kind"): "The step itself"}',
    ],
)
def test_a_string_that_names_a_floor_above_is_found(line):
    assert any(is_above(floor, "sources") for _name, floor in named_in_module(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        '{% extends "home.html" %}',
        '{% include "agreements/_head.html" %}',
        '{% draw "agreements/matrix.html" "matrix" rows %}',
        '{% url "about" %}',
        "{% static 'agreements/compare.css' %}",
        "{% load compare i18n %}",
        '{{ record.type|label:"agreements.agreement.type" }}',
    ],
)
def test_a_template_that_names_a_floor_above_is_found(line):
    assert any(is_above(floor, "people") for _name, floor in named_in_template(line))
