from django.urls import path

from agreements import compare_views, views
from kb.core.version_views import HistoryPage, VersionPage

urlpatterns = [
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/<slug:slug>/", views.AgreementPage.as_view(), name="agreements-page"),
    path("agreements/<slug:slug>/history/", HistoryPage.as_view(page=views.AgreementPage), name="agreements-history"),
    path(
        "agreements/<slug:slug>/v/<version:number>/",
        VersionPage.as_view(page=views.AgreementPage),
        name="agreements-version",
    ),
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
    path("exercises/", views.ExerciseList.as_view(), name="exercises"),
    path("exercises/<slug:slug>/", views.ExercisePage.as_view(), name="exercises-page"),
    path("exercises/<slug:slug>/history/", HistoryPage.as_view(page=views.ExercisePage), name="exercises-history"),
    path(
        "exercises/<slug:slug>/v/<version:number>/",
        VersionPage.as_view(page=views.ExercisePage),
        name="exercises-version",
    ),
    path("series/<slug:slug>/", views.SeriesPage.as_view(), name="series-page"),
    path("series/<slug:slug>/history/", HistoryPage.as_view(page=views.SeriesPage), name="series-history"),
    path("series/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=views.SeriesPage), name="series-version"),
    path("assistance/", views.AssistanceList.as_view(), name="assistance"),
    path("assistance/<slug:slug>/", views.AssistancePage.as_view(), name="assistance-page"),
    path("assistance/<slug:slug>/history/", HistoryPage.as_view(page=views.AssistancePage), name="assistance-history"),
    path(
        "assistance/<slug:slug>/v/<version:number>/",
        VersionPage.as_view(page=views.AssistancePage),
        name="assistance-version",
    ),
    path("events/", views.EventList.as_view(), name="events"),
    path("events/<slug:slug>/", views.EventPage.as_view(), name="events-page"),
    path("events/<slug:slug>/history/", HistoryPage.as_view(page=views.EventPage), name="events-history"),
    path("events/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=views.EventPage), name="events-version"),
    path("positions/", views.PositionList.as_view(), name="positions"),
    path("positions/<slug:slug>/", views.PositionPage.as_view(), name="positions-page"),
    path("positions/<slug:slug>/history/", HistoryPage.as_view(page=views.PositionPage), name="positions-history"),
    path(
        "positions/<slug:slug>/v/<version:number>/",
        VersionPage.as_view(page=views.PositionPage),
        name="positions-version",
    ),
]
