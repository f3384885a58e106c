"""Pages of the trail of deeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
