"""Pages of provinces, stations, employers, brands."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
