"""Pages of measures, drill-down, releases."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
