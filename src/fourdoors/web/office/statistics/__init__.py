"""Pages of figures followed to their rows, and of releases."""

from fourdoors.web.office.statistics import figures, releases

urlpatterns = [*figures.urlpatterns, *releases.urlpatterns]
