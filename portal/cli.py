"""Commands for operators. They parse arguments, call services and say what happened; no logic of their own."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_migrate import upgrade as migrate_upgrade
from sqlalchemy.exc import SQLAlchemyError

from portal.access import Role
from portal.bank import services as bank_services
from portal.bank.documents import BadBank, as_json, read_json
from portal.bank.queries import all_entries
from portal.bank.texts import problem_text
from portal.db import database_problem, unit_of_work
from portal.db import db as database
from portal.framework import exports, queries
from portal.framework import services as framework_services
from portal.framework.rules import BadDocument
from portal.i18n import today
from portal.mail import services as mail_services
from portal.overview import digest
from portal.overview.demo import DEMO_SIGN_INS, DOMAIN, PASSWORD, RefusedDemo, load_demo
from portal.overview.seeding import FRAMEWORK, load_bank, load_frameworks
from portal.paths import MIGRATIONS
from portal.people import services as people_services
from portal.people.queries import find_person_by_email
from portal.people.rules import normal_email
from portal.serving import refuse_taken_port, serve


def fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Bad input ends with its reasons on stderr and exit 1, never with a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (BadDocument, BadBank) as error:
            fail(*error.problems)
        except (OSError, UnicodeDecodeError, RefusedDemo) as error:
            fail(str(error))
        except SQLAlchemyError:
            database.session.rollback()
            fail(database_problem() or "the database refused the change: someone else may be writing; try again")

    return guarded


@click.group("portal")
def portal_cli() -> None:
    """Souschefportalen."""


@portal_cli.group()
def db() -> None:
    """The database."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Bring the tables up to date."""
    migrate_upgrade(directory=str(MIGRATIONS))


@portal_cli.command()
@with_appcontext
@one_line_errors
def seed() -> None:
    """Load framework, question bank and template that come with the portal; again changes nothing."""
    with unit_of_work():
        for version in load_frameworks():
            click.echo(f"{version.title}, version {version.number}")
        click.echo(", ".join(f"{use.value}: {count}" for use, count in load_bank().items()))


@portal_cli.command()
@with_appcontext
@one_line_errors
def demo() -> None:
    """Load invented persons, plans and recruitments; refuses a database with real data."""
    with unit_of_work():
        click.echo(load_demo())


@portal_cli.group()
def framework() -> None:
    """Competency frameworks as files."""


@framework.command("export")
@click.argument("slug")
@click.option("--version", "number", type=int)
@click.option("--format", "file_format", type=click.Choice(exports.FORMATS), default="json")
@with_appcontext
@one_line_errors
def export_framework(slug: str, number: int | None, file_format: str) -> None:
    """Write a published framework to standard output."""
    version = queries.find_version(slug, number)
    if version is None:
        fail(f"no published framework '{slug}'" + (f" in version {number}" if number else ""))
    click.echo(exports.write(framework_services.as_document(version), file_format), nl=False)


@framework.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@one_line_errors
def import_framework(file: Path) -> None:
    """Publish a JSON or YAML file as a new version; a bad file is refused whole."""
    file_format = "json" if file.suffix.lower() == ".json" else "yaml"
    with unit_of_work():
        version = framework_services.publish(exports.read(file.read_text(encoding="utf-8-sig"), file_format))
        click.echo(f"{version.title}, version {version.number}")


@portal_cli.group()
def bank() -> None:
    """The bank of questions, items and texts as a file."""


@bank.command("export")
@click.option("--format", "file_format", type=click.Choice(["json"]), default="json")
@with_appcontext
@one_line_errors
def export_bank(file_format: str) -> None:
    """Write every active entry to standard output."""
    click.echo(as_json(all_entries()), nl=False)


@bank.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@one_line_errors
def import_bank(file: Path) -> None:
    """Take a JSON file in: known ids become new versions, others are added; a bad file is refused whole."""
    version = queries.find_version(FRAMEWORK)
    if version is None:
        fail("the framework is missing: run portal seed first")
    rows = read_json(file.read_text(encoding="utf-8-sig"))
    with force_locale("en"):
        found = bank_services.row_problems(rows, bank_services.Keys.of(version))
        problems = [f"{row.place}: {problem.field}: {problem_text(problem)}" for row, problem in found]
    if problems:
        fail(*problems)
    changes = bank_services.compare(rows)
    with unit_of_work():
        bank_services.take_in(FRAMEWORK, changes, None)
    click.echo(f"{len(changes.new)} new, {len(changes.changed)} changed, {changes.unchanged} unchanged")


@portal_cli.group()
def users() -> None:
    """Persons who can sign in."""


@users.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]))
@with_appcontext
@one_line_errors
def add_user(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Add a person and print a one-time password."""
    if "@" not in email or len(email) > 254 or not name.strip() or len(name) > 120:
        fail("EMAIL must be an e-mail address, and --name a name of at most 120 characters")
    if find_person_by_email(normal_email(email)):
        fail(f"{normal_email(email)} is already a user")
    with unit_of_work():
        person = people_services.add_person(email, name, roles=[Role(role) for role in roles])
        click.echo(f"{person.email}: one-time password {people_services.give_one_time_password(person)}")


@users.command("reset")
@click.argument("email")
@with_appcontext
@one_line_errors
def reset_user(email: str) -> None:
    """Give a person a new one-time password and sign them out everywhere."""
    person = find_person_by_email(normal_email(email))
    if person is None:
        fail(f"{normal_email(email)} is not a user")
    with unit_of_work():
        click.echo(f"{person.email}: one-time password {people_services.give_one_time_password(person)}")


@portal_cli.group()
def mail() -> None:
    """Mails to the users."""


@mail.command("send")
@with_appcontext
@one_line_errors
def send_mail() -> None:
    """Compose the day's digests, once a working day, and send what is due; meant to be run every few minutes."""
    settings = current_app.config["SETTINGS"].mail
    if settings is None:
        fail("MAIL_URL is not set: no mail is sent")
    day = today()
    digests = digest.compose(day)
    with unit_of_work():
        new = digest.enqueue(digests, day)
    tally = mail_services.send_due(settings)
    click.echo(f"{new} digests, {tally.sent} sent, {tally.put_off} put off, {tally.given_up} given up")
    if tally.unreachable:
        fail(f"MAIL_URL: {settings.host} takes no mail now ({tally.unreachable}); what waits is sent by the next run")


@portal_cli.command()
@with_appcontext
@one_line_errors
def run() -> None:
    """Bring the database up to date, load what comes with the portal, and serve it in the foreground."""
    settings = current_app.config["SETTINGS"]
    refuse_taken_port(settings.host, settings.port)
    migrate_upgrade(directory=str(MIGRATIONS))
    with unit_of_work():
        load_frameworks()
        load_bank()
        if settings.demo:
            load_demo()
    click.echo(f"Souschefportalen: http://{settings.host}:{settings.port}")
    if settings.demo:
        click.echo(f"Sign in as {', '.join(DEMO_SIGN_INS)} (all {DOMAIN}), password {PASSWORD}")
    click.echo("Stop with Ctrl-C.")
    serve(current_app._get_current_object(), settings.host, settings.port)  # type: ignore[attr-defined]
