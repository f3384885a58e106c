"""Pages of claims, notices, payments."""

from fourdoors.web.office.subsidies import claims, payments, policies

urlpatterns = [*claims.urlpatterns, *policies.urlpatterns, *payments.urlpatterns]
