"""Who someone is."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Office(models.TextChoices):
    """The office a member of the court's staff holds; litigants hold none."""

    NONE = "", _("No office")
    CLERK = "clerk", _("Clerk")
    JUDGE = "judge", _("Judge")
    MEDIATOR = "mediator", _("Mediator")
    ADMINISTRATOR = "administrator", _("Administrator")


class People(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the name one signs in with."""

    def create_user(self, email: str, password: str | None = None, **details: Any) -> "User":
        """Make an account. Raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        person: User = self.model(email=self.normalize_email(email).lower(), **details)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **details: Any) -> "User":
        """Make an administrator: runs the installation, reads no case."""
        return self.create_user(email, password, office=Office.ADMINISTRATOR, is_superuser=True, **details)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a litigant, or a member of the court's staff."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("full name"), max_length=150)
    office = models.CharField(_("office"), max_length=15, choices=Office, blank=True, default=Office.NONE)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        indexes = [models.Index(fields=["office"])]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff_of_court(self) -> bool:
        """Whether this person holds an office."""
        return bool(self.office)

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.name

    def get_short_name(self) -> str:
        """The name in the header. Whole: which part of a name comes first differs between peoples."""
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Ask the grants alone: being an administrator opens no case."""
        if obj is None:
            return super().has_perm(perm)
        from guardian.core import ObjectPermissionChecker

        return self.is_active and ObjectPermissionChecker(self).has_perm(perm.split(".")[-1], obj)
