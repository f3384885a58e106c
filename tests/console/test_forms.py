"""Every form that is merged has its merging service, its words and its row checks, and no other has."""

import pytest

from fourdoors.console.tasks import MERGES
from fourdoors.engines.sheets import FORMS
from fourdoors.intake.rules import MERGEABLE_FORMS
from fourdoors.intake.rules.checks import _CHECKS
from fourdoors.web.office.intake_words import FORM_WORDS, PAPER_WORDS, UNREAD_WORDS

SENSITIVE = {"ethnicity", "religion", "politics", "health"}


def test_what_is_merged_has_a_service_checks_and_words() -> None:
    assert set(MERGES) == set(MERGEABLE_FORMS) == set(FORM_WORDS) == set(_CHECKS)
    assert set(PAPER_WORDS) == set(FORMS) == set(FORM_WORDS) | set(UNREAD_WORDS)
    assert not set(FORM_WORDS) & set(UNREAD_WORDS)


@pytest.mark.parametrize("form", MERGEABLE_FORMS)
def test_a_form_that_is_merged_knows_what_must_never_be_kept(form: str) -> None:
    dropped = {column.dropped for column in FORMS[form].readable if column.dropped}
    assert dropped >= SENSITIVE
