"""How allauth makes accounts for this court: its letters go through the court's post, its redirects stay at home."""

import secrets
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_noop

from .models import User
from .post import write_letter

# What changed, for the letter that warns a person of a change to their account.
CHANGES: Final = {
    "email_changed": gettext_noop("Your e-mail address was changed."),
    "email_confirm": gettext_noop("Your e-mail address was confirmed."),
    "email_deleted": gettext_noop("An e-mail address was taken out of your account."),
    "password_changed": gettext_noop("Your password was changed."),
    "password_reset": gettext_noop("Your password was reset."),
    "password_set": gettext_noop("A password was set."),
    "totp_activated": gettext_noop("A code app was set up as second step."),
    "totp_deactivated": gettext_noop("The code app is no longer your second step."),
    "webauthn_added": gettext_noop("A passkey or security key was added."),
    "webauthn_removed": gettext_noop("A passkey or security key was taken out."),
    "recovery_codes_generated": gettext_noop("New recovery codes were made. The old ones no longer work."),
}
# The letters that have a text of their own; sign-up and later confirmation share one.
LETTERS: Final = {
    "email_confirmation": "confirm_email",
    "email_confirmation_signup": "confirm_email",
    "account_already_exists": "account_exists",
    "unknown_account": "no_account",
    "password_reset_key": "reset_password",
}
SAID: Final = ("code", "activate_url", "password_reset_url", "signup_url", "email")


class CourtAccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a letter in the person's language; no page waits for the mail system.

        Raises KeyError for a kind of mail the court has no letter for.
        """
        kind = template_prefix.rpartition("/")[2]
        person = context.get("user")
        known = person if isinstance(person, User) and person.pk else None
        details: dict[str, Any] = {name: context[name] for name in SAID if name in context}
        if kind in LETTERS:
            letter = LETTERS[kind]
        else:
            letter, details["change"] = "account_changed", CHANGES[kind]
        write_letter(
            letter,
            to=email,
            key=f"account:{kind}:{secrets.token_hex(12)}",  # each asking is answered: a code is never sent twice
            language=known.language if known else get_language() or "en",
            name=known.name if known else "",
            **details,
        )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person of a change to their account, by name and in their language."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent on to this address after signing in: only within this court's own host."""
        request: HttpRequest = current.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
