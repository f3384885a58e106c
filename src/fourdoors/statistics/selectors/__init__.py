"""Reads of figures: live cells, the drill from province to row, releases, what the public sees."""

from fourdoors.statistics.selectors.live import (
    last_counting,
    live_children,
    live_counties,
    live_value,
    live_values,
    shares,
    trend,
)
from fourdoors.statistics.selectors.public import Bulletin, Published, bulletin, published, published_numbers
from fourdoors.statistics.selectors.releases import (
    frozen_counts,
    release_children,
    release_counties,
    release_of,
    release_values,
    releases,
    releases_to_sign,
)
from fourdoors.statistics.selectors.rows import PAGE_ROWS, Row, Thing, frozen_rows, rows_behind
from fourdoors.statistics.selectors.values import Value

__all__ = [
    "PAGE_ROWS",
    "Bulletin",
    "Published",
    "Row",
    "Thing",
    "Value",
    "bulletin",
    "frozen_counts",
    "frozen_rows",
    "last_counting",
    "live_children",
    "live_counties",
    "live_value",
    "live_values",
    "published",
    "published_numbers",
    "release_children",
    "release_counties",
    "release_of",
    "release_values",
    "releases",
    "releases_to_sign",
    "rows_behind",
    "shares",
    "trend",
]
