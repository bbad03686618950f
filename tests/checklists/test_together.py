"""Several people at one draft, or at the same plans, at the same moment."""

from dataclasses import replace

from flask import Flask

from portal.checklists import queries, services
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.i18n import today
from portal.onboarding import queries as plans
from portal.onboarding import spreading
from portal.onboarding.models import PlanItem
from tests.factories import World
from tests.test_together import person, together


def start(world: World) -> tuple[int, int]:
    """The ids of a template with a draft in which one item has other words, and of HR."""
    hr = world.people["hr"]
    template = queries.find_template(1)
    assert template is not None
    with unit_of_work():
        draft = services.start_draft(template, hr)
        item = draft.items[-1]
        item.bank_version_id = None
        services.change_item(item, replace(services.content_of(item), text="Noget nyt"))
    return template.id, hr.id


def test_nothing_gets_into_a_version_that_its_publisher_has_not_seen(app: Flask, world: World) -> None:
    template_id, _hr = start(world)
    seen = queries.find_draft(template_id)
    assert seen is not None
    revision, items = str(seen.revision), len(seen.items)

    def draft() -> services.TemplateVersion:
        found = queries.find_draft_to_change(template_id)
        if found is None:
            raise Refused(["it is published"])
        return found

    def publish(_read: object) -> None:
        services.publish_draft(draft(), revision)

    def add(_read: object) -> None:
        found = draft()
        services.add_item(found, services.content_of(found.items[0]))

    assert together(app, (lambda: None, publish), (lambda: None, add)) == ["Refused", "done"]
    template = queries.find_template(template_id)
    assert template is not None
    assert template.published is not None
    assert len(template.published.items) == items


def test_a_double_start_of_a_draft_is_one(app: Flask, world: World) -> None:
    hr = world.people["hr"].id

    def begin(template: object) -> None:
        assert isinstance(template, services.Template)
        services.start_draft(template, person(hr))

    assert together(app, *[(lambda: queries.find_template(1), begin)] * 3) == ["done"] * 3
    template = queries.find_template(1)
    assert template is not None
    assert [version.number for version in template.versions] == [2, 1]


def test_two_who_add_the_same_to_a_plan_add_it_once(app: Flask, world: World) -> None:
    template_id, hr = start(world)
    with unit_of_work():
        draft = queries.find_draft_to_change(template_id)
        assert draft is not None
        services.publish_draft(draft, str(draft.revision))
    ids = [world.plan.id, world.other_plan.id]

    def spread(_read: object) -> None:
        template = queries.find_template(template_id)
        assert template is not None
        assert template.published is not None
        spreading.spread(template.published, template.published.items, ids, person(hr), today())

    found = together(app, *[(lambda: plans.running_from(template_id), spread)] * 3)
    assert found == ["done"] * 3
    assert db.session.query(PlanItem).filter_by(title="Noget nyt").count() == 2


def test_a_plan_is_not_given_what_another_template_says(world: World) -> None:
    entry = queries.published()[0]
    with unit_of_work():
        copy = services.copy_template(entry, "En anden", world.people["hr"])
        services.publish_draft(copy, str(copy.revision))
    assert plans.running_from(copy.template_id) == []
    assert spreading.spread(copy, copy.items, [world.plan.id], world.people["hr"], today()) == (0, 0)
