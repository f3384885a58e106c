"""Two officers at the same moment, each with a connection and a transaction of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from fourdoors.kernel.divisions import GANSU, range_of
from fourdoors.kernel.errors import RuleError
from fourdoors.store.scope import Scope, scoped

EVERYWHERE = Scope(territory=range_of(GANSU))


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Run deeds in threads that start together; return ``done`` or the code of the refusal of each, sorted.

    Anything else that is raised is raised again here: a deadlock is no refusal.
    """
    start, said, faults = threading.Barrier(len(deeds)), list[str](), list[BaseException]()

    def run(deed: Callable[[], object]) -> None:
        try:
            with scoped(EVERYWHERE):  # connected, and inside its transaction, before anybody starts
                start.wait(timeout=20)
                deed()
            said.append("done")
        except RuleError as refusal:
            said.append(refusal.code)
        except BaseException as fault:  # raised again in the thread of the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]
    return sorted(said)
