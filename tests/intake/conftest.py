"""Every test of intake sees Gansu, unless it sets another scope."""

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, set_scope


@pytest.fixture(autouse=True)
def _in_gansu(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        set_scope(Scope(territory=range_of(GANSU)))
