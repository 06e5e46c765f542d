from django.urls import path

from agreements import views
from agreements.compare import views as compare_views
from agreements.profiles import views as profile_views

urlpatterns = [
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("countries/", profile_views.CountriesPage.as_view(), name="countries"),
    path("organisations/<slug:slug>/timeline/", profile_views.TimelinePage.as_view(), name="organisations-timeline"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
]
