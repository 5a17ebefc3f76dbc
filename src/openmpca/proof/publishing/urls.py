"""Which address leads to which view: of a log that is served, and of a witness."""

from django.urls import URLPattern, path, re_path

from openmpca.proof.publishing import views
from openmpca.proof.publishing.views import Shown
from openmpca.proof.witnesses.witnessing import Witness

Urls = tuple[URLPattern, ...]

urlpatterns: list[URLPattern] = []
"""Nothing is served unless `log serve` or `witness serve` says what."""


def of_log(shown: Shown) -> Urls:
    """The addresses of a log."""
    return (
        re_path(r"^(?P<path>checkpoint|tile/[a-z0-9./]{1,100})$", views.file_of_log(shown)),
        path("<path:path>", views.missing),
        path("", views.missing),
    )


def of_witness(witness: Witness) -> Urls:
    """The addresses of a witness."""
    return (
        path("add-checkpoint", views.add_checkpoint(witness)),
        re_path(r"^(?P<name>[0-9a-f]{64})/checkpoint$", views.latest_cosigned(witness)),
        path("<path:path>", views.missing),
        path("", views.missing),
    )
