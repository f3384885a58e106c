"""One maker for each table, one file a step: every argument has a plain, lawful default."""
