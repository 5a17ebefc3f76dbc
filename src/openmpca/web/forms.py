"""The forms of sign-in in our words: what django-allauth asks, with labels and help that say what is meant."""

from typing import Any, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

CODE: Final = _("Code")
CODE_HELP: Final = _("The six digits that your authenticator app shows now, or one of your recovery codes.")


def worded(form: forms.Form, name: str, label: Any, help_text: Any = "") -> None:
    """Give a field its label and help; the label stands above, not in the field."""
    form.fields[name].label = label
    form.fields[name].help_text = help_text
    form.fields[name].widget.attrs.pop("placeholder", None)


class Login(account.LoginForm):  # type: ignore[misc]  # allauth tells no types
    """Handle and passphrase."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "login", _("Handle"), _("The short name by which the record's people are called here."))
        worded(self, "password", _("Passphrase"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class Reauthenticate(account.ReauthenticateForm):  # type: ignore[misc]
    """The passphrase again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "password", _("Passphrase"))


class ChangePassphrase(account.ChangePasswordForm):  # type: ignore[misc]
    """The old passphrase, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "oldpassword", _("Passphrase until now"))
        help_text = _("At least twelve characters; several words are good, and easy to remember.")
        worded(self, "password1", _("New passphrase"), help_text)
        worded(self, "password2", _("The new passphrase again"))


class Code(base.AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "code", CODE, CODE_HELP)


class CodeAgain(base.ReauthenticateForm):  # type: ignore[misc]
    """A code while one is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "code", CODE, CODE_HELP)


class ActivateApp(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "code", CODE, _("The six digits that the app shows for this account."))


class AddPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or security key, with a name to know it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "name", _("Name"), _("By which you know this key from others, such as where you keep it."))
        help_text = _("The key then asks for your finger, face or PIN, and takes the place of the passphrase.")
        worded(self, "passwordless", _("Sign in with this key alone"), help_text)


class RenamePasskey(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, "name", _("Name"))
