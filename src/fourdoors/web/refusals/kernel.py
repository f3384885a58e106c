"""Refusals of the kernel: what a cell or a field holds."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "identity_form": _(
        "%(number)s has %(characters)d characters. An identity number has 18: "
        "17 digits and a last digit or X. Type it again from the card."
    ),
    "identity_broken": _(
        "The spreadsheet turned this identity number into a quantity (%(number)s) and lost its last digits. "
        "Set the cell to text and type the number again from the card."
    ),
    "identity_old_form": _(
        "%(number)s is a number of the old 15-digit card. Since 2013 only the 18-digit number counts: "
        "type it from today's card."
    ),
    "identity_division": _(
        "%(number)s begins with %(prefix)s, which is no province. Check the first two digits."
    ),
    "identity_birth_day": _(
        "Digits 7 to 14 of %(number)s say %(digits)s, which is no day of birth. Check them against the card."
    ),
    "identity_check_character": _(
        "The last character of %(number)s does not fit the other 17: one of them is mistyped. "
        "Compare it with the card."
    ),
    "money_form": _("“%(text)s” is not an amount of yuan. Type digits with at most two decimals."),
}
