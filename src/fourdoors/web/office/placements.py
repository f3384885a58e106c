"""Pages of rounds, offers, placements."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
