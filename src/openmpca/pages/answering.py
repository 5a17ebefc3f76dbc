"""From a request to an answer: who asks, whether they may, the page, and the form in which it goes out.

What a page states is stated once for each form (`record.once`): this is the one place that sees to it, for all pages.

Source: the routes' docstring for the rules; the words of refusals are those of the rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openmpca.pages import acting, drawing_up, unanswered
from openmpca.pages.blocks import MARK, Page, Problems
from openmpca.pages.freshness import NotFresh
from openmpca.pages.reach import Reach
from openmpca.pages.routes import Answer, Asking, File, Go, NotAllowed, NotFound, NotYet, Open, Place, Route
from openmpca.pages.times import TimesError, times
from openmpca.pages.understanding import Unreadable, asked, sent
from openmpca.problems import Problem, of_asking
from openmpca.record.once import Once, StatedAlready, stating
from openmpca.record.record import Refused
from openmpca.record.turn import Busy, giving_up_after

API: Final = "api/"
PATIENCE: Final = 30.0
"""For how many seconds a page waits for its turn to write, before it says who is writing."""
LOOKING: Final = frozenset({"check", "draft", "draw"})
"""Steps of a form that state nothing, and may be sent of one that was stated."""
NOTHING_STATED: Final[Mapping[str, Any]] = {"numbers": [], "proposal": None, "problems": []}
Happened = Callable[[HttpRequest, str, str], None]


def answer(
    route: Route, request: HttpRequest, who: Callable[[HttpRequest], Reach | None], happened: Happened
) -> HttpResponse:
    """Answer a request to a route; ``who`` gives the reach of who is signed in, ``happened`` keeps a list of events."""
    as_json = request.path.startswith(f"/{API}")
    if request.method not in ("GET", "HEAD") and not (route.posts and request.method == "POST"):
        return _no_such_method(route, as_json)
    reach = who(request)
    if reach is None and route.needs is not Open.PUBLIC:
        return _sign_in_first(request, as_json)
    held = reach or _nobody()
    try:
        asking = Asking(request, held.person, _handle(request), held, times(request.GET), as_json)
        arguments = _arguments(route, request)
        asking = replace(asking, mark=_mark(arguments))
        _must_be_allowed(route, asking, arguments)
        if request.method == "GET" and held.person and not as_json:
            unanswered.tell(request, held.person)
        found = _called(route, asking, arguments)
    except NotFresh as error:
        return _prove_first(error, as_json)
    except (TimesError, Refused, Busy, NotYet, NotFound, NotAllowed, Unreadable) as error:
        found = _told(error)
        asking = Asking(request, held.person, _handle(request), held, times({}), as_json)
        if found.status in (403, 404):
            happened(request, "refused", f"{request.method} {request.path}")
    if isinstance(found, Go):
        return _gone(request, found, as_json)
    if isinstance(found, File):
        happened(request, "exported", request.get_full_path())
        return _file(found)
    if request.GET.get("as") and found.status == 200:
        happened(request, "exported", f"{request.path} as {request.GET['as']}")
    return drawing_up.respond(route, asking, found)


def _no_such_method(route: Route, as_json: bool) -> HttpResponse:
    methods, words = ["GET", "HEAD", *(["POST"] if route.posts else [])], _("This address is not asked in this way.")
    if not as_json:
        return HttpResponseNotAllowed(methods, words, content_type="text/plain; charset=utf-8")
    answer = drawing_up.problems_in_json([words], 405)
    answer["Allow"] = ", ".join(methods)
    return answer


def _nobody() -> Reach:
    from openmpca.record import clock

    return Reach("", clock.day(clock.now_us()), (), {})


def _handle(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "user", None), "handle", ""))


def _sign_in_first(request: HttpRequest, as_json: bool) -> HttpResponse:
    if as_json:
        return drawing_up.problems_in_json([_("Sign in, or send a token.")], 401)
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(request.get_full_path())


def _prove_first(error: NotFresh, as_json: bool) -> HttpResponse:
    if as_json:
        return drawing_up.problems_in_json([_("Give your passphrase or second factor again first.")], 401)
    return HttpResponseRedirect(error.address)


def _arguments(route: Route, request: HttpRequest) -> dict[str, Any]:
    given = {name: values[-1] for name, values in request.GET.lists()}
    arguments = asked(given, route.parameters, route.readers)
    if route.posts:
        arguments["sent"] = sent(request)
    return arguments


def _mark(arguments: Mapping[str, Any]) -> str:
    """The mark of the form that was sent; it is no field of any page."""
    given = arguments.get("sent")
    return str(given.pop(MARK, "")) if given else ""


def _called(route: Route, asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    """What a page answers; a form that was stated before leads to what came of it, before the page is asked."""
    once = Once(asking.person, asking.mark) if asking.mark and asking.person else None
    before = once.came_to() if once and arguments["sent"].get("step") not in LOOKING else None
    if before is not None:
        return acting.stated_already(before)
    try:
        with giving_up_after(PATIENCE), stating(once):
            return route.function(asking, **arguments)
    except StatedAlready as raced:
        return acting.stated_already(raced)


def _must_be_allowed(route: Route, asking: Asking, arguments: Mapping[str, Any]) -> None:
    needs, reach = route.needs, asking.reach
    if reach.token and route.in_person:
        raise NotAllowed(_("A person does this themselves; no token does."))
    if not reach.states and asking.request.method == "POST":
        raise NotAllowed(_("This token reads only."))
    if isinstance(needs, Place):
        code = str(arguments.get(needs.parameter, ""))
        if code:
            asking.must_cover(needs.kind, code)
            return
        needs = Open.READER
    if needs is Open.READER and not reach.held:
        raise NotAllowed(_("You hold no grant today."))
    if needs is Open.WHOLE and not reach.everywhere:
        raise NotAllowed(_("This takes a grant for everything, and you hold none today."))
    if needs is Open.ADMINISTRATOR and not reach.administers:
        raise NotAllowed(_("This takes a grant as administrator, and you hold none today."))


def _told(error: Exception) -> Page:
    if isinstance(error, Refused):
        return Page(_("Refused"), [Problems(error.problems)], status=422)
    if isinstance(error, Busy):
        return Page(_("Somebody else is writing"), [Problems([of_asking(str(error))])], status=503)
    if isinstance(error, NotYet):
        return Page(_("Being counted"), [Problems([of_asking(str(error))])], status=503)
    if isinstance(error, NotFound):
        return Page(_("Not found"), [Problems([of_asking(str(error))])], status=404)
    if isinstance(error, NotAllowed):
        return Page(_("Not allowed"), [Problems([of_asking(str(error))])], status=403)
    if isinstance(error, Unreadable):
        return Page(_("Not understood"), [Problems(error.problems)], status=400)
    field = error.name if isinstance(error, TimesError) else ""
    return Page(_("Not understood"), [Problems([of_asking(str(error), field=field)])], status=400)


def _gone(request: HttpRequest, found: Go, as_json: bool) -> HttpResponse:
    if as_json:
        gone = {"message": str(found.message), "address": found.address, **NOTHING_STATED, **found.value}
        return drawing_up.in_json(gone, 200)
    if found.message:
        messages.success(request, found.message)
    return HttpResponseRedirect(found.address)


def _file(found: File) -> HttpResponse:
    answer = HttpResponse(found.content, content_type=found.kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    return answer


def refused_as(problems: list[Problem], shown: Page) -> Page:
    """A page that shows again what was sent, with what the rules found on top."""
    return replace(shown, blocks=[Problems(problems), *shown.blocks], status=422)
