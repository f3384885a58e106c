"""Pages of workers and households."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
