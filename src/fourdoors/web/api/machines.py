"""Pages of the interface for machines."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
