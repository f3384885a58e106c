"""Pages of an employer's own vacancies, people and receipts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
