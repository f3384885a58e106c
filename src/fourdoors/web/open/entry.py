"""The way in: one-time links, and where each duty begins."""

from typing import Any

from allauth.account.forms import LoginForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from fourdoors.accounts.services import LinkSpentError, spend_link
from fourdoors.web.desk import for_everybody, now
from fourdoors.web.refusals import words_for


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Name and password; there is no mail server, so whoever forgot one goes back to who appointed them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].help_text = _(
            "Forgotten? Ask the office that appointed you: it makes you a new link that lets in once."
        )


@never_cache
@for_everybody
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Spend a one-time link on POST: a previewer that only GETs does not spend it."""
    if request.method != "POST":
        return render(request, "open/enter.html")
    try:
        officer = spend_link(secret=secret, at=now())
    except LinkSpentError as refusal:
        return render(request, "open/enter.html", {"refusal": words_for(refusal)}, status=410)
    login(request, officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("home")


urlpatterns = [path("enter/<str:secret>", enter, name="enter")]
