"""Pages of trips, tasks, passes, handover."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
