"""A version after this one, as far as an upgrade goes: long migrations of the register, until there is one.

Nothing is released yet, so there is no older database to upgrade. These three do what later versions will
have to do: a column for every worker in one transaction, another one filled batch by batch, an index beside
the work that goes on.
"""
