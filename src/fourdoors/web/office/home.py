"""The first page of each duty."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from fourdoors.accounts.rules import Duty
from fourdoors.web.desk import for_duties, officer_of


@for_duties(*Duty)
def home(request: HttpRequest) -> HttpResponse:
    """Show where the officer's work begins."""
    return render(request, "office/home.html", {"officer": officer_of(request)})


urlpatterns = [path("", home, name="home")]
