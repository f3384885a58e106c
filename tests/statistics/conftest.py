"""The scope in which the tests of the measures look."""

import pytest

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.store.scope import Scope, set_scope


@pytest.fixture
def province(db: None) -> None:
    """See the whole province."""
    set_scope(Scope(territory=range_of(GANSU)))
