from django.urls import path

from agreements import compare_views, views

urlpatterns = [
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/<slug:slug>/", views.AgreementPage.as_view(), name="agreements-page"),
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
    path("exercises/", views.ExerciseList.as_view(), name="exercises"),
    path("exercises/<slug:slug>/", views.ExercisePage.as_view(), name="exercises-page"),
    path("series/<slug:slug>/", views.SeriesPage.as_view(), name="series-page"),
    path("assistance/", views.AssistanceList.as_view(), name="assistance"),
    path("assistance/<slug:slug>/", views.AssistancePage.as_view(), name="assistance-page"),
    path("events/", views.EventList.as_view(), name="events"),
    path("events/<slug:slug>/", views.EventPage.as_view(), name="events-page"),
    path("positions/", views.PositionList.as_view(), name="positions"),
    path("positions/<slug:slug>/", views.PositionPage.as_view(), name="positions-page"),
]
