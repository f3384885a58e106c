"""Pages of claims, notices, payments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
