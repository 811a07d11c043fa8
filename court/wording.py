"""How the court writes money and moments: with the currency, with the weekday, with the zone named.

Plain functions, so that letters, orders and calendar files say the same as the pages do.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

# Digits after the point, where they are not two (ISO 4217, list one).
_MINOR_DIGITS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Signs nobody can mistake for another currency's, as the Unicode CLDR lists them; every other currency shows its code.
_SIGNS = {
    "AUD": "A$", "BRL": "R$", "CAD": "CA$", "EUR": "€", "GBP": "£", "HKD": "HK$", "ILS": "₪", "INR": "₹",
    "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱", "TWD": "NT$", "USD": "US$", "VND": "₫",
}  # fmt: skip
# The yen and the yuan share one sign; each language gives it to one of them.
_YEN_YUAN = {"en": ("¥", "CN¥"), "ko": ("JP¥", "CN¥"), "zh": ("JP¥", "¥")}

# Django date formats. {clock} is the hour; {zone} the zone's short name.
_DAY = {"en": "l j F Y", "ko": "Y년 n월 j일 l", "zh": "Y年n月j日 l"}
_SHORT_DAY = {"en": "D j M Y", "ko": "Y. n. j. (D)", "zh": "Y年n月j日"}
_MOMENT = {"en": "{day}, {clock} {zone}", "ko": "{day} {clock} ({zone})", "zh": "{day} {clock}（{zone}）"}


def _tongue() -> str:
    """The active language without its region or script: ``en``, ``ko`` or ``zh``; English for any other."""
    tongue = (get_language() or "en").split("-")[0].lower()
    return tongue if tongue in _DAY else "en"


def minor_digits(currency: str) -> int:
    """How many digits of ``currency`` stand after the point (ISO 4217): 2 for GBP, 0 for KRW, 3 for KWD."""
    return _MINOR_DIGITS.get(currency.upper(), 2)


def currency_sign(currency: str) -> str:
    """The sign written before an amount, e.g. ``£``; the code and a hard space where a sign would be ambiguous."""
    code = currency.upper()
    if code in ("JPY", "CNY"):
        return _YEN_YUAN[_tongue()][code == "CNY"]
    return _SIGNS.get(code, f"{code}\u00a0")


def write_money(minor: int, currency: str) -> str:
    """An amount in minor units (pence, won, fils) written out: ``123450, "GBP"`` is ``£1,234.50``."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(int(minor)), 10**digits)
    amount = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return f"{'−' if minor < 0 else ''}{currency_sign(currency)}{amount}"


def zone_name(moment: datetime) -> str:
    """The short name of the zone of an aware ``moment``: ``GMT``, ``KST``; ``UTC+08:00`` where the name is no name."""
    name = moment.tzname() or ""
    if name.isalpha() and name != "CST":  # CST is China's zone and America's
        return name
    return f"UTC{moment:%z}"[:6] + ":" + f"{moment:%z}"[3:5]


def write_clock(moment: datetime) -> str:
    """The time of day as the active language writes it: ``4:00 pm``, ``오후 4:00``, ``16:00``."""
    tongue = _tongue()
    if tongue == "zh":
        return f"{moment:%H:%M}"
    hour = f"{moment.hour % 12 or 12}:{moment:%M}"
    afternoon = moment.hour >= 12
    if tongue == "ko":
        return f"{'오후' if afternoon else '오전'} {hour}"
    return f"{hour}\u00a0{'pm' if afternoon else 'am'}"


def write_day(day: date, *, short: bool = False) -> str:
    """A day with its weekday: ``Thursday 24 December 2026``; ``short``: ``Thu 24 Dec 2026``."""
    return format_date(day, (_SHORT_DAY if short else _DAY)[_tongue()])


def write_when(moment: datetime | date, *, style: str = "long") -> str:
    """A moment in the court's zone and the active language, with weekday and zone.

    ``style``: ``long`` (Thursday 24 December 2026, 4:00 pm GMT), ``short`` (Thu 24 Dec 2026, 4:00 pm GMT),
    ``day`` (Thursday 24 December 2026), ``clock`` (4:00 pm GMT). A plain date is written as a day.
    A naive datetime raises ``ValueError``: the court keeps aware times only.
    """
    if style not in ("long", "short", "day", "clock"):
        raise ValueError(f"No such way to write a moment: {style}")
    if not isinstance(moment, datetime):
        return write_day(moment, short=style == "short")
    local = timezone.localtime(moment, timezone.get_default_timezone())
    if style == "day":
        return write_day(local)
    zone, clock = zone_name(local), write_clock(local)
    if style == "clock":
        return f"{clock}\u00a0{zone}" if _tongue() == "en" else f"{clock} {zone}"
    return _MOMENT[_tongue()].format(day=write_day(local, short=style == "short"), clock=clock, zone=zone)
