"""Pages of the scanner of a door."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
