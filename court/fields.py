"""How Django's forms are drawn in the court: one field component for every form, allauth's included."""

from typing import Any

from django.forms import BaseForm, BoundField, Field
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    DateTimeInput,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
    TimeInput,
)

# The native pickers of browsers take ISO forms only (HTML, "date and time formats").
_NATIVE = (
    (DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (DateInput, "date", "%Y-%m-%d"),
    (TimeInput, "time", "%H:%M"),
)


class CourtBoundField(BoundField):
    """A bound field that knows how the court draws it."""

    def __init__(self, form: BaseForm, field: Field, name: str) -> None:
        super().__init__(form, field, name)
        for widget in (field.widget, *getattr(field.widget, "widgets", ())):
            for kind, input_type, written in _NATIVE:
                if type(widget) is kind and widget.format is None:
                    widget.input_type = input_type
                    widget.format = written

    @property
    def look(self) -> str:
        """Which drawing the field component uses: choices, check, select, textarea, file or text."""
        widget: Any = self.field.widget
        looks: tuple[tuple[Any, str], ...] = (
            ((RadioSelect, CheckboxSelectMultiple), "choices"),
            (CheckboxInput, "check"),
            (Select, "select"),
            (Textarea, "textarea"),
            (FileInput, "file"),
        )
        return next((look for kinds, look in looks if isinstance(widget, kinds)), "text")

    @property
    def first_control(self) -> str:
        """The id an error summary links to: the control itself, or the first of a group of choices."""
        if self.look == "choices":
            return f"{self.auto_id}_0"
        return self.id_for_label or str(self.auto_id)


class FieldRenderer(TemplatesSetting):
    """``{{ form }}``, ``{{ form.as_p }}`` and ``{{ field.as_field_group }}`` all use the court's own field."""

    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = "components/field.html"
    bound_field_class = CourtBoundField
