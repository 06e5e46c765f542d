from django.urls import path

from agreements import views
from agreements.compare import views as compare_views

urlpatterns = [
    path("compare/", compare_views.ComparePage.as_view(), name="compare"),
    path("compare/clauses/", compare_views.ClausesPage.as_view(), name="compare-clauses"),
    path("compare/basket/", compare_views.BasketView.as_view(), name="compare-basket"),
    path("topics/", views.TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", views.TopicPage.as_view(), name="topics-page"),
]
