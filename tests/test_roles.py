import pytest
from tests.factory import *
from tests.cast import *
def test_smoke(alice, bob, carol, victor):
    p = make_state()
    make_topic()
    m = make_agreement(status="published", by=alice, parties=[{"organisation": "pry"}], milestones=[{"kind":"signed","date":"2025-12-15"}],
       clauses=[{"number":"1","heading":"Scope","summary":"x"}], codings=[{"topic":"a1","stance":"present","approach":"a1/full","basis":"text","codebook":"1-0","clauses":["art-1-scope"]}])
    print(m.dossier())
    for f in (make_person, make_exercise, make_assistance, make_position):
        assert f(status="published").status == "published"
    make_finding()
    assert make_person(status="withdrawn").withdrawn_at
