"""The commands of the pages: serve them, and let a person in."""

from typing import Annotated

import typer

from openmpca.record import console

PANEL = "Pages"
Person = Annotated[str, typer.Argument(help="The handle or identifier of a person of the record.")]


def add(app: typer.Typer) -> None:
    """Give these commands to the root."""
    app.command("serve", rich_help_panel=PANEL)(serve)
    app.command("invite", rich_help_panel=PANEL)(invite)


def _pages() -> None:
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "openmpca.web.serving_settings"


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port; 0 takes a free one.")] = 8000,
    processes: Annotated[
        int | None,
        typer.Option("--processes", min=1, max=64, help="How many processes serve. Default: one a core, four at most."),
    ] = None,
    threads: Annotated[
        int, typer.Option("--threads", min=1, max=64, help="How many requests each of them answers at once.")
    ] = 4,
) -> None:
    """Serve the pages to browsers.

    As long as nobody has an account, the one-time secret of the first administrator is printed; in a new home the one
    with which its State is founded.
    """
    from openmpca.web.processes import begin_quickly, beside, ending_by_word, leave, usual

    begin_quickly()
    _pages()
    _a_home()
    with console.opened(False, founded=False) as out:
        from openmpca.proof.publishing.serving import listening
        from openmpca.record.home import configuration
        from openmpca.web import serving

        serving.tell_errors()
        application = serving.application()
        count = processes or configuration().processes or usual()
        try:
            made = serving.server(application, threads, kept=count == 1, host=host, port=port)
        except OSError as error:
            raise console.Stop(
                console.Exit.UNUSABLE,
                f"Nothing can listen at {host} port {port}: {error.strerror}.",
                "Try another --port.",
            ) from error
        if not serving.is_own(host) and not serving.behind_tls():
            console.tell("Beyond this machine passphrases travel in the open: put a web server with TLS in front.")
        place = f"http://{serving.called(host)}:{getattr(made, 'effective_port', port)}/"
        out.say(f"The pages are at {place}")
        if (founding := serving.founding_secret()) is not None:
            out.say(f"Nothing is recorded yet. The State is founded at {place}found#{founding}")
            out.say("The secret works once, for a day. Ctrl-C ends the server.")
        elif (first := serving.first_secret()) is not None:
            secret, handle = first
            out.say(f"{handle} makes an account at {place}invitation#{secret}")
            out.say("The secret works once, for a day. Ctrl-C ends the server.")
        counting = serving.prepare()
        ending_by_word()
        with beside(counting, [each.socket for each in listening(made)], count - 1, threads):
            made.run()
        leave()


def _a_home() -> None:
    """A home to be served: a folder that is not there is made, so that a State can be founded in the browser."""
    from openmpca.record.home import Configuration, home
    from openmpca.record.opening import make_tables_of_a_new_file, open_home
    from openmpca.record.upkeep import make_home

    with console.reporting():
        if not home().is_dir():
            make_home(home(), Configuration())
            console.tell(f"There was no home in {home()}: it is made.")
        open_home()
        make_tables_of_a_new_file()


def invite(person: Person, as_json: console.Json = False) -> None:
    """Make a one-time secret for a person's account.

    Whoever has the files of the home may do this; administrators do it on the page of people.
    """
    _pages()
    with console.opened(as_json) as out:
        from openmpca.record.commands import person_of
        from openmpca.web.databases import open_pages
        from openmpca.web.events import happened
        from openmpca.web.signing_in import LIFE
        from openmpca.web.signing_in import invite as made

        try:
            who = person_of(person)
        except KeyError:
            console.not_found(f"There is no person {person}.", "See `openmpca people`.")
        open_pages()
        secret = made(who)
        happened(None, "invited on the command line", person=who)
        if out.as_json:
            out.value({"person": who, "secret": secret, "hours": LIFE.total_seconds() / 3600})
            return
        out.say(f"One-time secret of {person}: {secret}")
        out.say("Hand it over in person. It works once, for a day, on the page /invitation.")
