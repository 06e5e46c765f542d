from django.urls import path

from agreements import views
from agreements.compare import views as compare_views
from sources.reading import record_urls

urlpatterns = [
    *record_urls.of_kind("agreements", views.AgreementPage, views.AgreementList),
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
    *record_urls.of_kind("exercises", views.ExercisePage, views.ExerciseList),
    *record_urls.of_kind("series", views.SeriesPage),
    *record_urls.of_kind("assistance", views.AssistancePage, views.AssistanceList),
    *record_urls.of_kind("events", views.EventPage, views.EventList),
    *record_urls.of_kind("positions", views.PositionPage, views.PositionList),
]
