"""An upgrade that is killed goes on the next time: each migration allows it.

Killed upgrades themselves are run by ``make bench-upgrade``, which counts what differs.
"""

from django.db.migrations.loader import MigrationLoader

from fourdoors.store.upgrading import BuildIndex, FillInBatches


def test_a_migration_is_one_transaction_or_made_of_what_goes_on_by_itself() -> None:
    found = MigrationLoader(None).disk_migrations
    ours = [one for one in found.values() if one.__module__.startswith(("fourdoors.", "benchmarks."))]
    assert len(ours) > 20
    for one in ours:
        goes_on = all(isinstance(step, BuildIndex | FillInBatches) for step in one.operations)
        assert one.atomic or (goes_on and len(one.operations) == 1), one
