"""The Django app of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dalil.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
