from django.urls import path

from kb.core import addresses
from sources import views

urlpatterns = [
    path("contested/", views.ContestedList.as_view(), name="contested"),
    *addresses.of_kind("sources", views.SourcePage, views.SourceList),
]
