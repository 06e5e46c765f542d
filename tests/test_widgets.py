"""The quick widgets write what the stock templates write."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from sources.lib.widgets import QUICK, QuickRenderer

TEXTS = st.one_of(
    st.none(), st.text(), st.integers(), st.sampled_from([mark_safe("<b>&amp;</b>"), "<script>\"'&", gettext_lazy("yes")])
)  # fmt: skip
ATTRS = st.dictionaries(st.sampled_from(["id", "class", "data-x", "required"]), st.one_of(TEXTS, st.booleans()))
CHOICES = st.lists(
    st.one_of(st.tuples(TEXTS, TEXTS), st.tuples(st.text(min_size=1), st.lists(st.tuples(TEXTS, TEXTS), max_size=3))),
    max_size=5,
)
INPUTS = [
    forms.TextInput, forms.HiddenInput, forms.NumberInput, forms.URLInput, forms.EmailInput, forms.DateInput,
    forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.Textarea,
]  # fmt: skip


def alike(widget, name, value):
    """Both renderings, without the white space between elements."""
    return [
        re.sub(r">\s+<", "><", widget.render(name, value, renderer=renderer()))
        for renderer in (QuickRenderer, DjangoTemplates)
    ]


@pytest.mark.parametrize("kind", INPUTS)
@given(value=TEXTS, attrs=ATTRS)
def test_an_input(kind, value, attrs):
    quick, stock = alike(kind(attrs), "field-1", value)
    assert quick == stock


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
@given(choices=CHOICES, attrs=ATTRS, data=st.data())
def test_a_choice(kind, choices, attrs, data):
    value = data.draw(TEXTS)
    widget = kind(attrs, choices)
    quick, stock = alike(widget, "field-1", [value] if widget.allow_multiple_selected else value)
    assert quick == stock


def test_each_quick_widget_is_compared():
    compared = {kind.template_name for kind in (*INPUTS, forms.Select)} | {forms.widgets.Input.template_name}
    assert set(QUICK) == compared
