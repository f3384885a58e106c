"""Pictures as SVG: maps, charts, the four doors. Numbers and words come in, a picture goes out."""

from fourdoors.engines.pictures.breaks import Step, colour_of, legend_of, nice_breaks
from fourdoors.engines.pictures.charts import (
    Line,
    bar_chart,
    line_chart,
    retention_curve,
    small_sparkline,
    stacked_bar,
)
from fourdoors.engines.pictures.doors import Arch, arches
from fourdoors.engines.pictures.ink import for_paper
from fourdoors.engines.pictures.maps import counties, county_map, flow_map, provinces

__all__ = [
    "Arch",
    "Line",
    "Step",
    "arches",
    "bar_chart",
    "colour_of",
    "counties",
    "county_map",
    "flow_map",
    "for_paper",
    "legend_of",
    "line_chart",
    "nice_breaks",
    "provinces",
    "retention_curve",
    "small_sparkline",
    "stacked_bar",
]
