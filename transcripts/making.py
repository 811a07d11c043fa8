"""What the page shows of a transcript in the making, and what the staff may choose when it is made again."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.cases.models import Role

from .engines import NAMES
from .engines.weights import offered
from .models import SpokenLanguage, Transcript
from .queries import Progress, TrackProgress, sound_tracks

ENGINES = {
    "faster-whisper": gettext_lazy("Faster Whisper: several times faster, the court's usual engine"),
    "openai-whisper": gettext_lazy("OpenAI Whisper: the reference, slower"),
}


def shares(progress: Progress) -> list[dict[str, Any]]:
    """How far each track is, for the page: its number, the share of it heard, and the same in words."""
    return [
        {"track": track.track, "share": round(track.share, 3), "words": in_words(track)} for track in progress.tracks
    ]


def in_words(track: TrackProgress) -> str:
    """How far one person's track is, in words."""
    if track.done:
        return _("heard")
    if not track.begun:
        return _("waiting")
    return _("%(share)d %% heard") % {"share": int(100 * track.share)}


def rows(progress: Progress) -> list[dict[str, Any]]:
    """How far each person's track is, for the page's first showing."""
    roles = {str(value): label for value, label in Role.choices}
    return [
        {
            "track": track.track,
            "name": track.name,
            "role": roles.get(track.role, ""),
            "share": track.share,
            "words": in_words(track),
        }
        for track in progress.tracks
    ]


class AgainForm(forms.Form):
    """By which model and engine a recording is transcribed again, and which language each person speaks."""

    def __init__(self, transcript: Transcript, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        usual = [("", _("The court's usual one (%(name)s)") % {"name": _short(settings.COURT_WHISPER_MODEL)})]
        models = [(one.model, f"{one.label}, {max(1, round(one.size / 1e6))} MB") for one in offered()]
        models = usual + [one for one in models if one[0] != settings.COURT_WHISPER_MODEL]
        self.fields["model"] = forms.ChoiceField(label=_("Speech model"), choices=models, required=False)
        usual = [("", _("The court's usual one (%(name)s)") % {"name": settings.COURT_WHISPER_ENGINE})]
        engines = [(name, str(ENGINES[name])) for name in NAMES if name != settings.COURT_WHISPER_ENGINE]
        self.fields["engine"] = forms.ChoiceField(label=_("Engine"), choices=usual + engines, required=False)
        set_before = dict(SpokenLanguage.objects.filter(
            track__in=sound_tracks(transcript)
        ).values_list("track", "language"))  # fmt: skip
        languages = [("", _("Found by listening")), *((code.split("-")[0], name) for code, name in _LANGUAGES)]
        self.tracks = {f"language_{track.pk}": track for track in sound_tracks(transcript)}
        for name, track in self.tracks.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Language of %(speaker)s") % {"speaker": track.name},
                choices=languages,
                required=False,
                initial=set_before.get(track.pk, ""),
            )

    def language_fields(self) -> list[forms.BoundField]:
        """The fields that ask for languages, a speaker each."""
        return [self[name] for name in self.tracks]

    def languages(self) -> dict[int, str]:
        """The language of each track that was asked about, "" to be found by listening."""
        told = self.cleaned_data
        return {track.pk: told[name] for name, track in self.tracks.items() if self.add_prefix(name) in self.data}


_LANGUAGES = [("en", gettext_lazy("English")), ("ko", gettext_lazy("Korean")), ("zh", gettext_lazy("Chinese"))]


def _short(model: str) -> str:
    return model.rstrip("/").rsplit("/", 1)[-1]
