"""Tags of the shared pages: addresses made from the one that was asked for."""

from django import template
from django.http import HttpRequest

register = template.Library()


@register.simple_tag
def as_list(request: HttpRequest, form: str, table: str) -> str:
    """The address of a list of this page in another form, filtered as it is here."""
    asked = request.GET.copy()
    asked["as"], asked["table"] = form, table
    return f"?{asked.urlencode()}"
