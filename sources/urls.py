from django.urls import path

from sources import views
from sources.reading import addresses

urlpatterns = [
    path("contested/", views.ContestedList.as_view(), name="contested"),
    *addresses.of_kind("sources", views.SourcePage, views.SourceList),
]
