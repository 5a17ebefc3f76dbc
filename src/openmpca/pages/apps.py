"""The Django application of what all pages share: templates, style, tags."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Nothing is stored here."""

    name = "openmpca.pages"
    label = "pages"
