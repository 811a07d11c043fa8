"""How allauth makes accounts for this court."""

from allauth.account.adapter import DefaultAccountAdapter


class CourtAccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address."""
