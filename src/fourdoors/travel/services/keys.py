"""Keys of passes and of lists, and the one signed list that every phone at a door carries."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction

from fourdoors.accounts.models import Officer
from fourdoors.accounts.services import record_deed
from fourdoors.engines.passes.keys import SigningKey, VerifyingKey, new_key
from fourdoors.engines.passes.trust import TrustList, sign_trust
from fourdoors.store.vault import vault
from fourdoors.travel.models import PassKey, TrustFile
from fourdoors.travel.selectors import verifying_keys

RENEWED_AFTER = timedelta(
    minutes=15
)  # a list without changes is signed anew: its age says when we were heard
KEPT_LISTS = 20


class Signs(StrEnum):
    """What a key is for."""

    PASSES = "passes"
    LISTS = "lists"


@transaction.atomic
def make_pass_key(*, at: datetime, by: Officer | None = None, signs: Signs = Signs.PASSES) -> PassKey:
    """Draw a new key that signs from now on; passes of the older keys stay good until they end.

    The private half is sealed in the vault before it is written.

    Args:
        at: the moment of the deed.
        by: who does it; None for the machine.
        signs: passes, or the lists that phones carry. Phones learn a new key of lists when they next report.
    """
    key = new_key()
    PassKey.objects.filter(signs=signs, retired_at=None).update(retired_at=at)
    made = PassKey.objects.create(
        signs=signs,
        kid=key.kid,
        public=key.public,
        private_cipher=vault().seal("pass_key", key.private.hex()),
        made_at=at,
    )
    record_deed(
        officer=by, action="travel.pass_key_made", at=at, object_id=made.pk, kid=key.kid.hex(), signs=signs
    )
    return made


def signing_key(*, signs: Signs, at: datetime) -> SigningKey:
    """Return the newest key that is not retired; the first pass or list of an installation draws it."""
    key = _signing_row(signs, at)
    private = bytes.fromhex(vault().open("pass_key", key.private_cipher))
    return SigningKey(kid=bytes(key.kid), private=private, public=bytes(key.public))


def _signing_row(signs: Signs, at: datetime) -> PassKey:
    living = PassKey.objects.filter(signs=signs, retired_at=None).order_by("-made_at", "-pk")
    return living.first() or make_pass_key(at=at, signs=signs)


@transaction.atomic
def current_list(*, at: datetime) -> TrustFile:
    """Return the signed list of good keys and revoked passes, made anew where it changed or grew old.

    Its number only grows: the key of lists is locked while it is made, so two requests make one list. A
    revoked pass is named until its last day. Only random numbers of passes are in it, no person.

    Args:
        at: now.
    """
    row = _signing_row(Signs.LISTS, at)
    PassKey.objects.select_for_update().get(pk=row.pk)
    keys, revoked = tuple(_good_keys(at)), _revoked(at)
    digest = _digest(keys, revoked, bytes(row.kid))
    newest = TrustFile.objects.order_by("-version").first()
    if newest and newest.digest == digest and abs(at - newest.made_at) < RENEWED_AFTER:
        return newest
    made = TrustFile.objects.create(made_at=at, content=b"", digest=digest)
    trust = TrustList(
        version=made.version, made_at=at.replace(microsecond=0), keys=keys, revoked=frozenset(revoked)
    )
    made.content = sign_trust(trust, signing_key(signs=Signs.LISTS, at=at))
    made.save(update_fields=["content"])
    TrustFile.objects.filter(version__lte=made.version - KEPT_LISTS).delete()
    return made


def _good_keys(at: datetime) -> list[VerifyingKey]:
    """Return the keys of passes that may still be shown: a retired one until its last pass has ended."""
    ended = []
    for key in PassKey.objects.filter(signs=Signs.PASSES, retired_at__isnull=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT travel_passes_end(%s)", [key.retired_at])
            (last,) = cursor.fetchone() or (None,)
        if last is None or last <= at:
            ended.append(bytes(key.kid))
    return [key for key in verifying_keys() if key.kid not in ended]


def _revoked(at: datetime) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT travel_revoked_passes(%s)", [at])
        return [bytes(number) for (number,) in cursor.fetchall()]


def _digest(keys: tuple[VerifyingKey, ...], revoked: list[bytes], signer: bytes) -> str:
    said = b"".join([signer, *(key.kid + key.public for key in keys), b"|", *revoked])
    return hashlib.sha256(said).hexdigest()
