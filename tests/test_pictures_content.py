"""Pictures of the published content say what its lists say."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def test_the_map_counts_as_the_list_does(client):
    """For every state of the published content."""
    answer = client.get("/map/")
    assert answer.context["chart"]["rows"]
    for row in answer.context["chart"]["rows"]:
        listed = client.get(f"/api/v1/agreements/?party={row['code']}&count=true&page_size=1").json()["count"]
        assert listed == row["number"], row
