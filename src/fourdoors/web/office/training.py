"""Pages of orders, classes, certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
