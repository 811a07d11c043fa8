from django.apps import AppConfig


class Config(AppConfig):
    name = "transcripts"
    label = "transcripts"
