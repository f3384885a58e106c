"""Pages of spells, income, follow-up, arrears."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
