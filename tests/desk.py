"""The desks of the cast: who is signed in, what lies there, and what is done with it.

``draft`` is Alice's own, whole and cited; ``published`` is the same record before the public.
"""

import pytest
from django.urls import reverse

from sources.models import Proposal
from tests.cast import sign_in
from tests.factory import (
    make_agreement,
    make_state,
)
from tests.forms import address, open_form


@pytest.fixture
def editor(alice):
    return sign_in(alice)


@pytest.fixture
def reviewer(bob):
    return sign_in(bob)


@pytest.fixture
def paraguay():
    return make_state()


@pytest.fixture
def draft(alice, paraguay):
    """Alice's own draft, whole and cited."""
    return make_agreement(
        slug="the-sofa",
        title="The agreement",
        by=alice,
        parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2025-12-15"}],
        clauses=[{"number": "1", "heading": "Scope"}, {"number": "2", "heading": "Claims"}],
    )


@pytest.fixture
def published(draft):
    draft.submit(by=None)
    draft.publish(by=None)
    return draft


def verb(client, record, name, **more):
    return client.post(address(record, "verb"), {"verb": name, **more}, follow=True)


def decide(client, proposal, name, **more):
    decision = reverse("admin:sources_proposal_decide", args=[proposal.pk])
    return client.post(decision, {"verb": name, **more}, follow=True)


def in_bulk(client, action, *records, **more):
    opts = records[0]._meta
    changelist = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    chosen = [record.pk for record in records]
    return client.post(changelist, {"action": action, "_selected_action": chosen, **more}, follow=True)


def propose(client, record, **fields):
    """Save these fields of a published record; returns the proposal."""
    form = open_form(client, record)
    for name, value in fields.items():
        form[name] = value
    form.post()
    return Proposal.objects.latest("changed_at")


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def restore(client, record, **data):
    return client.post(address(record, "restore"), data, follow=True)
