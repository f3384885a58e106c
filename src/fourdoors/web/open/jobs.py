"""Pages of public job search and the village page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
