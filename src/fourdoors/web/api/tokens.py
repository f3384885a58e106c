"""Who asks: a program with its token, in an officer's name, or the session of a page; and with which duty."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from fourdoors.accounts.selectors import scope_of, token_shown
from fourdoors.store.scope import set_scope
from fourdoors.web.desk import now


class ByToken(BaseAuthentication):
    """``Authorization: Bearer SECRET``: the request sees what the token's officer sees."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return officer and token, and open the officer's scope; None where no token is shown."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = token_shown(secret.strip(), at=now())
        if token is None:
            raise AuthenticationFailed
        set_scope(scope_of(token.officer))  # the session, had there been one, set another
        return token.officer, token

    def authenticate_header(self, request: Request) -> str:
        """Answer 401 to a wrong token, not 403."""
        return "Bearer"


class InWords(SessionAuthentication):
    """The session of a page; who has none is told 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """Answer 401 where there is no session."""
        return "Session"


class OfDuty(BasePermission):
    """Who signed in and has one of the view's duties."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether this officer may ask."""
        return bool(request.user.is_authenticated and request.user.duty in view.duties_allowed)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass
    """How the description of the interface names it."""

    target_class = ByToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return it in the words of OpenAPI."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the interface names the session."""

    target_class = InWords
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return it in the words of OpenAPI."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
