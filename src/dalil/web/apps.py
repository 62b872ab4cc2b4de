"""The Django app of the console. It has no models: what it shows lies in the rooms below."""

from django.apps import AppConfig

from dalil.log import silence
from dalil.web import languages


class WebConfig(AppConfig):
    name = "dalil.web"
    label = "web"

    def ready(self) -> None:
        """Teach Django the languages that it does not know, and keep its own logs, which name
        addresses and show traces with content, from being written anywhere."""
        languages.register()
        silence("django")
