"""Amounts as people type them: read into minor units (pence, won) and written back into the field."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from court.wording import currency_sign, minor_digits, write_money

LARGEST = 10**15  # minor units; a BIGINT holds more, a court rarely hears more
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_SIGNS = re.compile(r"[£$€¥₩￦￥]|원|元|圆")


def read_amount(typed: str, currency: str) -> int:
    """The minor units of an amount such as ``1,250.50`` or ``£1250``. Raises ValidationError with what is wrong."""
    text = unicodedata.normalize("NFKC", typed).replace("−", "-")
    text = re.sub(rf"\b{currency}\b", "", text, flags=re.IGNORECASE)
    text = re.sub(r"[\s'_]", "", _SIGNS.sub("", text))
    digits = minor_digits(currency)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        if text.startswith("-"):
            raise ValidationError(_("The amount must be more than zero."))
        example = "1,250" if digits == 0 else f"1,250.{'50'.ljust(digits, '0')[:digits]}"
        raise ValidationError(_("Write the amount in digits, like %(example)s.") % {"example": example})
    whole, rest = found[1].replace(",", ""), found[2] or ""
    if len(rest) > digits and rest.rstrip("0")[digits:]:
        raise ValidationError(_("This currency has at most %(n)d digits after the point.") % {"n": digits})
    if len(whole) > 15:
        raise ValidationError(_("The amount is too large."))
    minor = int(whole) * 10**digits + int(rest[:digits].ljust(digits, "0") or "0")
    if minor <= 0:
        raise ValidationError(_("The amount must be more than zero."))
    if minor > LARGEST:
        raise ValidationError(_("The amount is too large."))
    return minor


def typed_amount(minor: int | None, currency: str) -> str:
    """An amount as it stands in a field: ``125050, "GBP"`` is ``1,250.50``; nothing for None."""
    return "" if minor is None else write_money(minor, currency).removeprefix(currency_sign(currency))
