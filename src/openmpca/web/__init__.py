"""The Django project: settings and sign-in."""
