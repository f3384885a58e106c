"""Makers of officers."""

from fourdoors.accounts.models import Officer
from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import appoint_officer
from fourdoors.kernel.divisions import range_of

GANSU = 620000_000000
LONGNAN = 621200_000000
LI_COUNTY = 621226_000000  # 礼县
DANGCHANG = 621223_000000  # 宕昌县, a sibling of Li County
LI_VILLAGE = 621226_100201
QINGDAO_JIAOZHOU = 370281_000000


def make_officer(
    *,
    username: str = "li",
    full_name: str = "王处",
    duty: Duty = Duty.COUNTY,
    division: int = LI_COUNTY,
    organisation: int | None = None,
) -> Officer:
    """Make an officer of Li County, unless told otherwise."""
    return appoint_officer(
        username=username,
        full_name=full_name,
        duty=duty,
        jurisdiction=range_of(division),
        organisation=organisation,
    )
