"""Pages of published figures and the bulletin."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
