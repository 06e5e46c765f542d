from django.urls import path

from agreements import views
from agreements.compare import views as compare_views
from agreements.pictures import network_views
from agreements.pictures import views as picture_views
from agreements.profiles import views as profile_views

urlpatterns = [
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("countries/", profile_views.CountriesPage.as_view(), name="countries"),
    path("organisations/<slug:slug>/timeline/", profile_views.TimelinePage.as_view(), name="organisations-timeline"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
    path("map/", picture_views.MapPage.as_view(), name="map"),
    path("map.svg", picture_views.MapPicture.as_view(), name="map-svg"),
    path("map.csv", picture_views.MapTable.as_view(), name="map-csv"),
    path("timeline/", picture_views.TimelinePage.as_view(), name="timeline"),
    path("timeline.svg", picture_views.TimelinePicture.as_view(), name="timeline-svg"),
    path("timeline.csv", picture_views.TimelineTable.as_view(), name="timeline-csv"),
    path("network/", network_views.NetworkPage.as_view(), name="network"),
    path("network.svg", network_views.NetworkPicture.as_view(), name="network-svg"),
    path("network.graphml", network_views.NetworkGraph.as_view(), name="network-graphml"),
    path("network.json", network_views.NetworkJSON.as_view(), name="network-json"),
    path("network.csv", network_views.NetworkTable.as_view(), name="network-csv"),
]
