from tests.test_query_plans import *
from tests.test_query_plans import many
def test_all(client):
    with open('/tmp/lists-bench/plans-%s.txt' % connection.vendor,'w') as f:
        for name, viewset in VIEWSETS.items():
            for key, ordering, query in questions(name, viewset):
                for sql, plan in plans(client, f"/api/v1/{name}/?{query}"):
                    if faults(plan): f.write(f"{name}?{query}\n   {[p for p in plan][:6]}\n")
                    if connection.vendor=='postgresql': pass
