"""The lazy multi-unit auction: the whole province, with prices that prove the plan over all pairs."""
