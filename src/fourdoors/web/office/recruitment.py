"""Pages of vacancies, fairs, campaigns."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
