"""Small changes to allauth's forms before they are drawn."""

from django import template
from django.forms import BaseForm

register = template.Library()


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """The form without grey words inside its fields: each has a label, and grey words are taken for an answer."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
