"""Sign-in, the own account, and HR's pages for persons and offices."""

from datetime import UTC, datetime

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal.access import Permission, Role
from portal.db import short_read, unit_of_work
from portal.errors import error_response, wants_fragment
from portal.formfields import options_or_none
from portal.i18n import COOKIE, today
from portal.people import queries, services
from portal.people.forms import (
    ROLE_LABELS,
    AddPersonForm,
    ChangePasswordForm,
    ChangePersonForm,
    ChooseDigestForm,
    LanguageForm,
    OfficeForm,
    PlacementForm,
    SearchForm,
    SignInForm,
)
from portal.people.models import Office, OfficeSouschef, Person, SignIn
from portal.people.rules import normal_email, session_has_ended
from portal.throttle import Limit, attempt, init_throttle
from portal.web import feature, needs, page, page_number, public, redirect_to

bp = feature("people")
login = LoginManager()
SEEN_EVERY_SECONDS = 60
PASSWORD_VIEWS = ("people.change_password", "people.sign_out", "people.choose_language")


@login.user_loader  # type: ignore[untyped-decorator]
def load_sign_in(sign_in_id: str) -> SignIn | None:
    """The sign-in behind the cookie, or None when it is over; moves its idle clock."""
    sign_in = queries.find_sign_in(int(sign_in_id), today()) if sign_in_id.isdigit() else None
    now = datetime.now(UTC)
    seen = datetime.fromtimestamp(session.get("seen", 0), UTC)
    if sign_in is None or not sign_in.person.active:
        return None
    if session_has_ended(sign_in.started_at, sign_in.ended_at, seen, now):
        return None
    if (now - seen).total_seconds() > SEEN_EVERY_SECONDS:
        session["seen"] = int(now.timestamp())
    return sign_in


@login.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_sign_in() -> Response:
    """Reading leads to the sign-in page and back; a sent form gets its text back instead of losing it."""
    here = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    target = url_for("people.sign_in", next=here or None)
    if wants_fragment() and here:
        return redirect_to(url_for("people.sign_in"))
    return redirect(target, 303) if here else error_response(401)


def require_new_password() -> Response | None:
    """One who signed in with a one-time password can do nothing before it is changed."""
    must = current_user.is_authenticated and current_user.person.must_change_password
    if must and request.endpoint not in PASSWORD_VIEWS:
        return redirect_to(url_for("people.change_password"))
    return None


def _limits(email: str) -> tuple[Limit, ...]:
    """Few for one account from one address, more for the address at any account and for the account from anywhere.

    In this order an address that has used up its own tries no longer counts against anyone's account.
    """
    address = request.remote_addr or ""
    return (
        Limit("sign-in address", "100 per 15 minutes", address),
        Limit("sign-in", "8 per 15 minutes", f"{email}|{address}"),
        Limit("sign-in account", "50 per 15 minutes", email),
    )


def _try_sign_in(email: str, password: str) -> SignIn | None:
    """Checks the password with no transaction open: it takes long on purpose, and others want to write meanwhile."""
    with attempt(*_limits(email)) as tried:
        with short_read():
            account = queries.account_of(email)
        right = services.password_is_right(account, password)
        with unit_of_work():
            started = services.start_sign_in(email, account if right else None, password)
            if started is not None:
                started.actor = queries.actor_of(started.person, today())
        tried.failed = started is None
    return started


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    form = SignInForm(next=request.args.get("next", ""))
    if current_user.is_authenticated and request.method == "GET":
        return redirect_to(url_for("overview.start"))
    if not form.validate_on_submit():
        return page("people/sign_in.html", 422 if form.is_submitted() else 200, form=form)
    started = _try_sign_in(normal_email(form.email.data), form.password.data)
    if started is None:
        form.form_errors.append(_("E-mail and password do not belong together."))
        return page("people/sign_in.html", 422, form=form)
    session.clear()
    session["seen"] = int(datetime.now(UTC).timestamp())
    session["csrf_token"] = services.form_secret(started.person, current_app.config["SECRET_KEY"])
    login_user(started)
    return redirect_to(form.next.data or url_for("overview.start"))


@bp.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> Response:
    with unit_of_work():
        services.end_sign_in(current_user)
    logout_user()
    session.clear()
    return redirect_to(url_for("people.sign_in"))


@bp.post("/sign-out-everywhere")
@needs(Permission.SIGNED_IN)
def sign_out_everywhere() -> Response:
    with unit_of_work():
        services.end_sign_ins(current_user.person)
    logout_user()
    session.clear()
    return redirect_to(url_for("people.sign_in"))


@bp.post("/language")
@public
def choose_language() -> Response:
    form = LanguageForm()
    valid = form.validate_on_submit()
    response = redirect_to(form.next.data or url_for("overview.start"))
    if valid:
        secure = request.is_secure
        response.set_cookie(
            COOKIE, form.language.data, max_age=365 * 86400, httponly=True, samesite="Lax", secure=secure
        )
    return response


@bp.get("/account")
@needs(Permission.SIGNED_IN)
def account() -> Response:
    person = current_user.person
    form = ChooseDigestForm(wants_digest=person.wants_digest)
    sign_ins, link = queries.current_sign_ins(person), queries.calendar_link_of(person.id)
    return page("people/account.html", form=form, sign_ins=sign_ins, calendar_link=link)


@bp.post("/account/digest")
@needs(Permission.SIGNED_IN)
def choose_digest() -> Response:
    form = ChooseDigestForm()
    if form.validate_on_submit():
        with unit_of_work():
            services.choose_digest(current_user.person, form.wants_digest.data)
        chosen = form.wants_digest.data
        flash(_("You get the daily mail.") if chosen else _("You get no more daily mails."), "success")
    return redirect_to(url_for("people.account"))


@bp.route("/account/password", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def change_password() -> Response:
    person = current_user.person
    form = ChangePasswordForm()
    form.account_email, form.account_name = person.email, person.name
    valid = form.validate_on_submit()
    if valid and not _is_present_password(person, form.password.data):
        form.password.errors = [_("This is not your present password.")]
        valid = False
    if not valid:
        return page("people/change_password.html", 422 if form.is_submitted() else 200, form=form)
    with unit_of_work():
        services.change_password(current_user, form.new_password.data)
    flash(_("Your password has been changed. You have been signed out everywhere else."), "success")
    return redirect_to(url_for("overview.start"))


def _is_present_password(person: Person, password: str) -> bool:
    """The limit is the person's, whatever address they come from."""
    with attempt(Limit("password", "8 per 15 minutes", str(person.id))) as tried:
        with short_read():
            account = queries.account_of(person.email)
        right = services.password_is_right(account, password)
        tried.failed = not right
    return right


@bp.get("/people")
@needs(Permission.MANAGE_PEOPLE)
def people() -> Response:
    form = SearchForm(request.args)
    wanted = _wanted(form)
    return page(
        "people/people.html",
        fragment="people/_people.html",
        form=form,
        wanted=wanted,
        found=queries.people(page_number(), wanted, today()),
        kept={name: value for name in ("q", "role", "active") if (value := form[name].data) and not form[name].errors},
        role_labels=ROLE_LABELS,
        today=today(),
    )


def _wanted(form: SearchForm) -> queries.Wanted:
    """What the address asks for; what it asks for wrongly is left out."""
    form.validate()
    given = {name: "" if form[name].errors else form[name].data or "" for name in ("q", "role", "active")}
    sort = request.args.get("sort", "")
    name = sort.removeprefix("-")
    known = name in queries.SORTS
    return queries.Wanted(
        given["q"], given["role"], given["active"], name if known else "name", known and sort.startswith("-")
    )


@bp.route("/people/add", methods=["GET", "POST"])
@needs(Permission.MANAGE_PEOPLE)
def add_person() -> Response:
    form = AddPersonForm()
    valid = form.validate_on_submit()
    if valid and queries.find_person_by_email(normal_email(form.email.data)):
        form.email.errors = [_("Someone already has this e-mail.")]
        valid = False
    if not valid:
        return page("people/add_person.html", 422 if form.is_submitted() else 200, form=form)
    with unit_of_work():
        roles = [Role(value) for value in form.roles.data]
        person = services.add_person(form.email.data, form.name.data, job_title=form.job_title.data or "", roles=roles)
        password = services.give_one_time_password(person)
    return _show_once(person, password)


@bp.route("/people/<int:person_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_PEOPLE, queries.find_person)
def change_person(person: Person) -> Response:
    form = (
        ChangePersonForm(data=None)
        if request.method == "POST"
        else ChangePersonForm(
            name=person.name,
            job_title=person.job_title,
            roles=[role.value for role in person.roles],
            active=person.active,
        )
    )
    valid = form.validate_on_submit()
    roles = [Role(value) for value in form.roles.data or []] if valid else []
    if valid and person.id == current_user.person_id and (not form.active.data or Role.HR not in roles):
        form.form_errors.append(_("You cannot take your own access away. Ask another HR colleague."))
        valid = False
    if not valid:
        return page("people/person.html", 422 if form.is_submitted() else 200, form=form, person=person)
    with unit_of_work():
        services.change_person(
            person, name=form.name.data, job_title=form.job_title.data or "", roles=roles, active=form.active.data
        )
    flash(_("%(name)s has been saved.", name=person.name), "success")
    return redirect_to(url_for("people.people"))


@bp.post("/people/<int:person_id>/password")
@needs(Permission.MANAGE_PEOPLE, queries.find_person)
def reset_password(person: Person) -> Response:
    with unit_of_work():
        password = services.give_one_time_password(person)
    return _show_once(person, password)


ONE_TIME = "one_time_password"


def _show_once(person: Person, password: str) -> Response:
    """The next page shows the password, and after that it is nowhere any more."""
    session[ONE_TIME] = {"person_id": person.id, "password": password}
    return redirect_to(url_for("people.one_time_password", person_id=person.id))


@bp.get("/people/<int:person_id>/one-time-password")
@needs(Permission.MANAGE_PEOPLE, queries.find_person)
def one_time_password(person: Person) -> Response:
    kept = session.pop(ONE_TIME, None) or {}
    password = kept.get("password", "") if kept.get("person_id") == person.id else ""
    return page("people/one_time_password.html", person=person, password=password)


@bp.get("/offices")
@needs(Permission.MANAGE_PEOPLE)
def offices() -> Response:
    return page("people/offices.html", offices=queries.offices(), today=today())


def _office_form(office: Office | None) -> OfficeForm:
    form = OfficeForm(name=office.name, chef=str(office.chef_id or "")) if office else OfficeForm()
    people = queries.active_people()
    if office and office.chef and office.chef not in people:  # saving the name must not take the chef away
        people = [office.chef, *people]
    form.chef.choices = options_or_none([(p.id, p.name) for p in people], _("No chef yet"))
    return form


def _name_is_taken(form: OfficeForm, office: Office | None) -> bool:
    wanted = form.name.data.casefold()
    taken = any(o.name.casefold() == wanted for o in queries.offices() if o is not office)
    if taken:
        form.name.errors = [_("Another office has this name.")]
    return taken


def _chosen_chef(form: OfficeForm) -> Person | None:
    return queries.find_person(int(form.chef.data)) if form.chef.data else None


@bp.route("/offices/add", methods=["GET", "POST"])
@needs(Permission.MANAGE_PEOPLE)
def add_office() -> Response:
    form = _office_form(None)
    if not form.validate_on_submit() or _name_is_taken(form, None):
        return page("people/add_office.html", 422 if form.is_submitted() else 200, form=form)
    with unit_of_work():
        office = services.add_office(form.name.data, _chosen_chef(form))
    flash(_("%(name)s has been added.", name=office.name), "success")
    return redirect_to(url_for("people.change_office", office_id=office.id))


@bp.route("/offices/<int:office_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_PEOPLE, queries.find_office)
def change_office(office: Office) -> Response:
    form = _office_form(office)
    if not form.validate_on_submit() or _name_is_taken(form, office):
        return _office_page(office, form, _placement_form(), 422 if form.is_submitted() else 200)
    with unit_of_work():
        services.change_office(office, name=form.name.data, chef=_chosen_chef(form))
    flash(_("%(name)s has been saved.", name=office.name), "success")
    return redirect_to(url_for("people.offices"))


def _placement_form() -> PlacementForm:
    form = PlacementForm()
    form.person.choices = options_or_none((p.id, p.name) for p in queries.active_people())
    return form


def _office_page(office: Office, form: OfficeForm, placement_form: PlacementForm, status: int) -> Response:
    return page("people/office.html", status, office=office, form=form, placement_form=placement_form, today=today())


@bp.post("/offices/<int:office_id>/souschefs")
@needs(Permission.MANAGE_PEOPLE, queries.find_office)
def add_souschef(office: Office) -> Response:
    form = _placement_form()
    if not form.validate_on_submit():
        office_form = _office_form(office)
        office_form.name.data, office_form.chef.data = office.name, str(office.chef_id or "")
        return _office_page(office, office_form, form, 422)
    with unit_of_work():
        person = queries.find_person(int(form.person.data))
        assert person is not None  # one of the form's own choices
        services.add_souschef(office, person, form.since.data, form.until.data)
    flash(_("%(name)s is souschef here from now on.", name=person.name), "success")
    return redirect_to(url_for("people.change_office", office_id=office.id))


@bp.post("/offices/<int:office_id>/souschefs/<int:placement_id>/end")
@needs(Permission.MANAGE_PEOPLE, queries.find_placement)
def end_placement(placement: OfficeSouschef) -> Response:
    with unit_of_work():
        services.end_placement(placement, today())
    flash(_("%(name)s stops as souschef here after today.", name=placement.person.name), "success")
    return redirect_to(url_for("people.change_office", office_id=placement.office_id))


def init_people(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None  # the sign-in row is what ends a session, not a changed browser string
    init_throttle(app)
    app.before_request(require_new_password)
    app.register_blueprint(bp)
