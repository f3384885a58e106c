"""Texts that begin with something, found through an index even behind a row-level policy.

``LIKE`` may show what it read in an error message, so PostgreSQL does not use it before a policy has spoken:
no index helps, and 5.26 million rows are read. The two comparisons below are leakproof, do not depend on the
collation of the database, and use an index made with ``text_pattern_ops``.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

_LAST_CHARACTER = "\U0010ffff"  # the highest of Unicode: no name goes on with it


class BeginsWith(Lookup):
    """``filter(BeginsWith(F("name"), "马"))``."""

    lookup_name = "begins"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the two comparisons."""
        column, given = self.process_lhs(compiler, connection)
        beginning, (text,) = self.process_rhs(compiler, connection)
        return (
            f"({column} ~>=~ {beginning} AND {column} ~<~ {beginning})",
            (*given, text, *given, f"{text}{_LAST_CHARACTER}"),
        )
