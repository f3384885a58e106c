"""The QR code as a picture of a page: it fills its place and has a name for who cannot see it."""

import re

from django.utils.safestring import SafeString, mark_safe

from fourdoors.engines.papers import qr_svg


def code_picture(text: str, *, label: str) -> SafeString:
    """Return what a reader gets from ``text`` as SVG of class ``code``; ``label`` is plain words."""
    named = f'<svg class="code" role="img" aria-label="{label}" viewBox="0 0 \\1 \\2"'
    fitted = re.sub(r'<svg[^>]*? width="(\d+)" height="(\d+)"', named, qr_svg(text).decode(), count=1)
    return mark_safe(fitted)  # noqa: S308 (our own drawing)
