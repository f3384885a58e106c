"""Every test of travel sees Gansu, unless it sets another scope."""

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, set_scope


@pytest.fixture(autouse=True)
def _in_gansu(request: pytest.FixtureRequest) -> None:
    marked = request.node.get_closest_marker("django_db")
    if marked and not marked.kwargs.get("transaction"):
        request.getfixturevalue("db")
        set_scope(Scope(territory=range_of(GANSU)))
