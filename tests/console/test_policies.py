"""``fourdoors policies``: computable or not, and by name what is missing."""

import io

import pytest
from django.core.management import call_command

from fourdoors.subsidies.models import Policy


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("policies", *words, stdout=out)
    return out.getvalue()


def test_every_rule_is_listed_with_what_it_waits_for() -> None:
    listed = said()
    assert "25 rules from 26 records, 8 computable" in listed
    assert "zhouqu-2020-reward              computable" in listed
    assert "gansu-ceiling-travel            check" in listed
    assert "missing shape:per_coach" in listed
    assert "missing class:three_kinds" in listed


@pytest.mark.django_db
def test_loading_twice_makes_no_second_version() -> None:
    assert "25 policies" in said("load")
    said("load")
    assert Policy.objects.count() == 25
