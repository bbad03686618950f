"""Every route × method × kind of person, called for real. A route that is missing here fails the test.

A row gives the status for: anonymous, souschef, other souschef, chef, other chef, buddy, recruiter, other recruiter,
panel member, outsider, HR. `I` is the sign-in page (303); a POST that is let through may be refused for its content.
"""

from datetime import date

import pytest
from flask import Flask

from portal.balance import queries as balances
from portal.balance.rules import Focus, Wanted
from portal.balance.services import propose
from portal.checklists.models import TemplateItem
from portal.checklists.queries import find_template
from portal.checklists.services import start_draft
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.jobads import services as jobads
from portal.onboarding import queries as onboarding
from portal.people.services import name_deputy, renew_calendar_link
from portal.references import checks
from portal.references.models import GuideProbe
from portal.references.queries import guide
from portal.references.services import RefereeFacts, add_referee, record_accept
from tests.factories import World, open_hearing, version
from tests.inspecting import InspectingClient

KINDS = (
    "anonymous", "souschef", "other_souschef", "chef", "other_chef", "buddy", "recruiter", "other_recruiter",
    "member", "outsider", "hr",
)  # fmt: skip
PASSED = "+"  # let through: any status that is not 401, 403, 404
# +: let through   f: 403   n: 404   i: asked to sign in (303 for GET, 401 for POST)
EVERYONE, SIGNED_IN, HR_ONLY = "+++++++++++", "i++++++++++", "ifffffffff+"
PLAN, PLAN_SOUSCHEF, PLAN_CHEF = "i+n+n+nnnn+", "i+nfnfnnnnf", "ifn+nfnnnnf"
SEES_BANK, KEEPS_BANK = "iff++f++ff+", "iffffff"[:6] + "++ff+"
PLAN_MANAGERS, PLAN_SHAPERS, PLAN_REVIEW = "ifn+nfnnnn+", "i+n+nfnnnnf", "i+n+nfnnnn+"
STARTS, MANAGES, SEES, PANEL = "iff++fffff+", "innnnn+nfnf", "innnnn+n+n+", "innnnnfn+nf"
CREATES, SCORES = "iffffff"[:6] + "++fff", "innnnn+n+nf"
BALANCE = "i+n+nnnnnnf"
TABLE = {
    "GET overview.start": SIGNED_IN,
    "GET overview.frameworks": SIGNED_IN,
    "GET overview.framework_version": SIGNED_IN,
    "GET overview.competency": SIGNED_IN,
    "GET overview.event_log": HR_ONLY,
    "GET overview.event_log_csv": HR_ONLY,
    "GET overview.healthz": EVERYONE,
    "GET overview.readyz": EVERYONE,
    "GET overview.recruitments_list": SIGNED_IN,
    "GET overview.recruitments_csv": SIGNED_IN,
    "GET overview.recruitments_xlsx": SIGNED_IN,
    "GET overview.recruitment": SEES,
    "POST overview.remove_candidate": MANAGES,
    "GET overview.candidate": MANAGES,  # a panel member first declares that they are impartial
    "POST overview.settle_candidate": MANAGES,
    "POST overview.resume_candidate": MANAGES,
    "GET overview.bank": SEES_BANK,
    "GET overview.coverage": SEES_BANK,
    "GET overview.bank_entry": SEES_BANK,
    "GET overview.calendar": EVERYONE,
    "POST overview.renew_calendar": SIGNED_IN,
    "POST overview.revoke_calendar": SIGNED_IN,
    "GET bank.add_entry": KEEPS_BANK,
    "POST bank.add_entry": KEEPS_BANK,
    "GET bank.change_entry": KEEPS_BANK,
    "POST bank.change_entry": KEEPS_BANK,
    "POST bank.retire_entry": KEEPS_BANK,
    "POST bank.restore_entry": KEEPS_BANK,
    "GET bank.export_json": SEES_BANK,
    "GET bank.export_xlsx": SEES_BANK,
    "GET bank.import_bank": KEEPS_BANK,
    "POST bank.import_bank": KEEPS_BANK,
    "POST bank.confirm_import": KEEPS_BANK,
    "GET overview.checklists": STARTS,
    "GET overview.checklist": STARTS,
    "GET overview.checklist_version": STARTS,
    "GET checklists.add_template": HR_ONLY,
    "POST checklists.add_template": HR_ONLY,
    "GET checklists.copy_template": HR_ONLY,
    "POST checklists.copy_template": HR_ONLY,
    "POST checklists.start_draft": HR_ONLY,
    "GET checklists.draft": HR_ONLY,
    "GET checklists.change_draft": HR_ONLY,
    "POST checklists.change_draft": HR_ONLY,
    "GET checklists.choose_from_bank": HR_ONLY,
    "POST checklists.add_from_bank": HR_ONLY,
    "GET checklists.add_item": HR_ONLY,
    "POST checklists.add_item": HR_ONLY,
    "GET checklists.change_item": HR_ONLY,
    "POST checklists.change_item": HR_ONLY,
    "POST checklists.move_item": HR_ONLY,
    "POST checklists.remove_item": HR_ONLY,
    "POST checklists.publish_draft": HR_ONLY,
    "POST checklists.discard_draft": HR_ONLY,
    "POST checklists.retire_template": HR_ONLY,
    "POST checklists.restore_template": HR_ONLY,
    "GET onboarding.additions": HR_ONLY,
    "POST onboarding.add_to_plans": HR_ONLY,
    "GET people.sign_in": EVERYONE,
    "POST people.sign_in": EVERYONE,
    "POST people.sign_out": SIGNED_IN,
    "POST people.sign_out_everywhere": SIGNED_IN,
    "POST people.choose_language": EVERYONE,
    "GET people.account": SIGNED_IN,
    "POST people.choose_digest": SIGNED_IN,
    "GET people.change_password": SIGNED_IN,
    "POST people.change_password": SIGNED_IN,
    "GET people.people": HR_ONLY,
    "GET people.add_person": HR_ONLY,
    "POST people.add_person": HR_ONLY,
    "GET people.change_person": HR_ONLY,
    "POST people.change_person": HR_ONLY,
    "POST people.reset_password": HR_ONLY,
    "GET people.one_time_password": HR_ONLY,
    "GET people.offices": HR_ONLY,
    "GET people.add_office": HR_ONLY,
    "POST people.add_office": HR_ONLY,
    "GET people.change_office": HR_ONLY,
    "POST people.change_office": HR_ONLY,
    "POST people.add_souschef": HR_ONLY,
    "POST people.end_placement": HR_ONLY,
    "GET onboarding.plans": SIGNED_IN,
    "GET onboarding.start_plan": STARTS,
    "POST onboarding.start_plan": STARTS,
    "GET onboarding.sign_offs": STARTS,
    "POST onboarding.name_deputy": STARTS,
    "POST onboarding.end_deputy": "inn+nnnnnn+",
    "GET onboarding.plans_csv": SIGNED_IN,
    "GET onboarding.plans_xlsx": SIGNED_IN,
    "GET onboarding.overdue_items": STARTS,
    "GET onboarding.overdue_csv": STARTS,
    "GET onboarding.overdue_xlsx": STARTS,
    "GET onboarding.plan_pdf": PLAN,
    "GET onboarding.plan_docx": PLAN,
    "GET onboarding.record_pdf": PLAN,
    "GET onboarding.progress": PLAN,
    "GET onboarding.settings": PLAN_MANAGERS,
    "POST onboarding.move_start": PLAN_MANAGERS,
    "POST onboarding.change_buddy": PLAN_MANAGERS,
    "POST onboarding.end_plan": PLAN_MANAGERS,
    "GET onboarding.add_item": PLAN_SHAPERS,
    "POST onboarding.add_item": PLAN_SHAPERS,
    "GET onboarding.change_item": PLAN_SHAPERS,
    "POST onboarding.change_item": PLAN_SHAPERS,
    "POST onboarding.comment_item": "i+n+n+nnnnf",
    "POST onboarding.ask_waiver": PLAN_SHAPERS,
    "POST onboarding.decide_waiver": PLAN_CHEF,
    "POST onboarding.withdraw_waiver": PLAN_CHEF,
    "POST onboarding.withdraw_request": PLAN_SOUSCHEF,
    "POST onboarding.reopen_milestone": PLAN_CHEF,
    "GET onboarding.trial_review": PLAN_REVIEW,
    "POST onboarding.write_review": PLAN_CHEF,
    "POST onboarding.add_remarks": PLAN_SOUSCHEF,
    "GET onboarding.plan": PLAN,
    "GET onboarding.item": PLAN,
    "POST onboarding.complete_item": PLAN_SOUSCHEF,
    "POST onboarding.undo_item": PLAN_SOUSCHEF,
    "GET onboarding.milestone": PLAN,
    "POST onboarding.request_sign_off": PLAN_SOUSCHEF,
    "POST onboarding.return_milestone": PLAN_CHEF,
    "POST onboarding.approve_milestone": PLAN_CHEF,
    "GET balance.balance": "i+n+nnnnnn+",
    "GET balance.propose": BALANCE,
    "POST balance.propose": BALANCE,
    "POST balance.confirm": BALANCE,
    "POST balance.decline": BALANCE,
    "POST balance.withdraw": BALANCE,
    "GET recruitment.add_recruitment": CREATES,
    "POST recruitment.add_recruitment": CREATES,
    "GET recruitment.change_recruitment": MANAGES,
    "POST recruitment.change_recruitment": MANAGES,
    "GET recruitment.choose_profile": MANAGES,
    "POST recruitment.choose_profile": MANAGES,
    "GET recruitment.panel_and_candidates": MANAGES,
    "POST recruitment.add_member": MANAGES,
    "POST recruitment.remove_member": MANAGES,
    "POST recruitment.add_candidate": MANAGES,
    "GET recruitment.import_candidates": MANAGES,
    "POST recruitment.import_candidates": MANAGES,
    "POST recruitment.confirm_import": MANAGES,
    "GET recruitment.template_csv": MANAGES,
    "GET recruitment.template_xlsx": MANAGES,
    "GET recruitment.change_candidate": MANAGES,
    "POST recruitment.change_candidate": MANAGES,
    "GET interviews.scorecard": SEES,
    "GET interviews.preview": SEES,
    "GET interviews.choose_from_bank": MANAGES,
    "GET interviews.add_own_question": MANAGES,
    "POST interviews.add_own_question": MANAGES,
    "GET interviews.change_question": MANAGES,
    "POST interviews.change_question": MANAGES,
    "POST interviews.fetch_bank_text": MANAGES,
    "GET interviews.drop_question": MANAGES,
    "POST interviews.drop_question": MANAGES,
    "GET interviews.choose_source": MANAGES,
    "POST interviews.copy_questions": MANAGES,
    "GET interviews.guide_pdf": PANEL,
    "GET interviews.guide_docx": PANEL,
    "GET interviews.guides_zip": PANEL,
    "GET interviews.blank_guide_pdf": MANAGES,
    "GET interviews.blank_guide_docx": MANAGES,
    "GET overview.recruitment_coverage": SEES,
    "GET overview.recruitment_coverage_csv": SEES,
    "GET overview.recruitment_coverage_xlsx": SEES,
    "POST interviews.suggest_questions": MANAGES,
    "POST interviews.add_question": MANAGES,
    "POST interviews.move_question": MANAGES,
    "POST interviews.remove_question": MANAGES,
    "GET interviews.schedule": SEES,
    "GET overview.interviews_calendar": SEES,
    "POST interviews.add_round": MANAGES,
    "POST interviews.remove_round": MANAGES,
    "POST interviews.invite": MANAGES,
    "POST interviews.take_back": MANAGES,
    "GET interviews.set_time": MANAGES,
    "POST interviews.set_time": MANAGES,
    "GET interviews.series": MANAGES,
    "POST interviews.series": MANAGES,
    "GET interviews.assessment": PANEL,
    "POST interviews.declare": PANEL,
    "POST interviews.save_assessment": PANEL,
    "GET interviews.amend_rating": PANEL,
    "POST interviews.amend_rating": PANEL,
    "GET interviews.close_interview": "innnnnfnfnf",  # the chair of this panel alone
    "POST interviews.close_interview": "innnnnfnfnf",
    "GET interviews.reopen_interview": "innnnnfnfnf",
    "POST interviews.reopen_interview": "innnnnfnfnf",
    "GET comparison.comparison": SCORES,
    "GET comparison.comparison_csv": SCORES,
    "GET comparison.comparison_xlsx": SCORES,
    "GET comparison.debrief": "innnnnnnnnf",  # nobody before all have submitted
    "GET jobads.ad": SEES,
    "POST jobads.draft": MANAGES,
    "GET jobads.change_ad": MANAGES,
    "POST jobads.change_ad": MANAGES,
    "GET jobads.history": SEES,
    "GET jobads.version": SEES,
    "GET jobads.ad_docx": SEES,
    "GET jobads.ad_pdf": SEES,
    "GET jobads.ad_markdown": SEES,
    "GET comparison.debrief_news": "innnnnnnnnf",
    "GET comparison.debrief_changes": "innnnnnnnnf",
    "POST comparison.agree": "innnnnnnfnf",
    "GET decisions.recommendation": "innnnn+n+nf",
    "POST decisions.name_authority": MANAGES,
    "GET decisions.draft": MANAGES,
    "POST decisions.save_draft": MANAGES,
    "POST decisions.submit": MANAGES,
    "POST decisions.write_opinion": PANEL,
    "POST decisions.decide": "innnnnfnfnf",
    "GET decisions.refusals": MANAGES,
    "GET decisions.refusal": MANAGES,
    "POST decisions.save_refusal": MANAGES,
    "POST decisions.review_refusal": MANAGES,
    "POST decisions.send_refusal": MANAGES,
    "GET decisions.refusal_pdf": MANAGES,
    "GET decisions.refusal_docx": MANAGES,
    "GET decisions.refusals_zip": MANAGES,
    "GET decisions.candidate_pdf": MANAGES,
    "GET decisions.candidate_json": MANAGES,
    "GET decisions.filing": MANAGES,
    "POST decisions.file_record": MANAGES,
    "GET decisions.record_pdf": MANAGES,
    "GET decisions.record_zip": MANAGES,
    "GET references.guide": MANAGES,
    "POST references.build_guide": MANAGES,
    "POST references.add_referee": MANAGES,
    "POST references.record_accept": MANAGES,
    "POST references.withdraw_accept": MANAGES,
    "POST references.remove_referee": MANAGES,
    "GET references.guide_pdf": MANAGES,
    "GET references.guide_docx": MANAGES,
    "GET references.change_referee": MANAGES,
    "POST references.change_referee": MANAGES,
    "GET references.add_question": MANAGES,
    "POST references.add_from_bank": MANAGES,
    "POST references.add_own": MANAGES,
    "GET references.change_question": MANAGES,
    "POST references.change_question": MANAGES,
    "POST references.move_question": MANAGES,
    "POST references.remove_question": MANAGES,
    "GET references.guide_csv": MANAGES,
    "GET references.guide_xlsx": MANAGES,
    "GET references.guide_json": MANAGES,
    "GET references.all_guides": MANAGES,
    "GET references.follow_ups": MANAGES,
    "POST references.propose_follow_ups": MANAGES,
    "POST references.decide_follow_up": MANAGES,
    "POST references.start_talk": MANAGES,
    "GET references.talk": MANAGES,
    "POST references.save_talk": MANAGES,
    "GET references.note": MANAGES,
    "POST references.save_note": MANAGES,
    "POST references.add_addendum": MANAGES,
    "GET references.note_pdf": MANAGES,
    "GET references.note_docx": MANAGES,
    "POST references.make_link": MANAGES,
    "POST references.withdraw_link": MANAGES,
    "GET references.online": EVERYONE,
    "POST references.save_online": EVERYONE,
    "GET references.thanks": EVERYONE,
    "GET hearings.facts": MANAGES,
    "POST hearings.judge_fact": MANAGES,
    "GET hearings.hearing": MANAGES,
    "POST hearings.send_letter": MANAGES,
    "POST hearings.note_reply": MANAGES,
    "POST hearings.note_silence": MANAGES,
    "POST hearings.judge_not_essential": MANAGES,
}


def test_every_route_is_in_the_table(app: Flask) -> None:
    routes = {
        f"{m} {rule.endpoint}" for rule in app.url_map.iter_rules() for m in set(rule.methods or ()) & {"GET", "POST"}
    }
    assert routes == set(TABLE)
    assert all(len(row) == len(KINDS) for row in TABLE.values())


def deputy_of(world: World) -> int:
    """The id of someone who decides for the chef of the world's office next year."""
    day = date(2031, 1, 6)
    with unit_of_work():
        deputy = name_deputy(world.office, world.people["outsider"], day, day, world.people["hr"])
    return deputy.id


def proposed_for(world: World) -> int:
    """The id of the souschef to whom the chef has proposed a balance, as version 1."""
    pair = balances.find_pair(world.office.id, world.people["souschef"].id)
    assert pair is not None
    weights = {part.slug: 25 for part in version().parts}
    with unit_of_work():
        wanted = Wanted(weights, (Focus("personaleledelse-k1", "Døren står åben."),))
        propose(pair, version(), world.people["chef"], wanted, "0", today())
    return pair.souschef_id


def draft_item(world: World) -> TemplateItem:
    """An item of a draft of the standard template."""
    template = find_template(1)
    assert template is not None
    with unit_of_work():
        return start_draft(template, world.people["hr"]).items[0]


def calendar_secret(world: World) -> str:
    """The secret of a calendar, of someone whose own link no other row takes back."""
    with unit_of_work():
        return renew_calendar_link(world.people["other_chef"])


def draft_ad(world: World) -> None:
    """Version 1 of the recruitment's ad."""
    with unit_of_work():
        jobads.draft(world.recruitment, world.people["recruiter"])


def url_values(world: World) -> dict[str, object]:
    draft_ad(world)
    drafted = draft_item(world)
    item = next(i for i in onboarding.items_of(world.plan, "week_1") if i.responsible == "souschef")
    return {
        "slug": "souschef",
        "number": 1,
        "key": "personaleledelse-k1",
        "use": "interview",
        "entry_id": 1,
        "person_id": world.people["outsider"].id,
        "office_id": world.office.id,
        "placement_id": world.office.placements[0].id,
        "plan_id": world.plan.id,
        "item_id": item.id,
        "souschef_id": proposed_for(world),
        "phase": "week_1",
        "deputy_id": deputy_of(world),
        "template_id": 1,
        "draft_item_id": drafted.id,
        "recruitment_id": world.recruitment.id,
        "member_id": world.recruitment.panel[0].id,
        "candidate_id": world.recruitment.candidates[0].id,
        "interview_id": world.recruitment.candidates[0].interviews[0].id,
        "question_id": interviews.scorecard(world.recruitment)[0].id,
        "referee_id": world.referee.id,
        "secret": calendar_secret(world),
        "hearing_id": hearing_of(world),
    }


def referred_values(world: World) -> dict[str, object]:
    """What the pages of references call by the same names as others."""
    candidate = world.recruitment.candidates[0]
    with unit_of_work():
        other = add_referee(candidate, RefereeFacts("Anden Referent", "Kollega", current_employer=False))
        record_accept(other, world.people["recruiter"], given_on=today(), how="Pr. mail")
        secret = checks.make_link(checks.start_check(other, world.people["recruiter"]), "da")
        competency_id = world.recruitment.profile[0].competency_id
        probe = GuideProbe(candidate_id=candidate.id, competency_id=competency_id, text="Hvordan?", why="thin")
        db.session.add(probe)
    return {"secret": secret, "probe_id": probe.id, "question_id": guide(world.recruitment)[0].id}


def hearing_of(world: World) -> int:
    """The id of a hearing about what the world's referee said."""
    return open_hearing(world.referee, world.people["recruiter"]).id


def verdict(status: int) -> str:
    return {303: "+", 401: "i", 403: "f", 404: "n"}.get(status, PASSED)


@pytest.mark.parametrize("kind", KINDS)
def test_every_route_answers_each_kind_of_person_as_the_table_says(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    values, referred = url_values(world), referred_values(world)
    column = KINDS.index(kind)
    wrong = []
    rows = sorted(TABLE, key=lambda name: (name.startswith("POST"), "sign_" in name, "discard_" in name, name))
    first = rows[0]
    for row in rows:
        method, endpoint = row.split()
        rule = next(r for r in app.url_map.iter_rules() if r.endpoint == endpoint)
        with app.test_request_context():
            known = values | ({"item_id": values["draft_item_id"]} if "checklists." in endpoint else {})
            known |= referred if endpoint.startswith("references.") else {}
            url = app.url_for(endpoint, **{name: known[name] for name in rule.arguments})
        if kind != "anonymous" and (row == first or "sign_out" in endpoint):
            client.sign_in(kind)
        response = client.get(url) if method == "GET" else client.send(url)
        asked = response.status_code == 303 and "/sign-in" in response.location and endpoint != "people.sign_out"
        found = "i" if asked and kind == "anonymous" else verdict(response.status_code)
        if found != TABLE[row][column]:
            wrong.append(f"{row}: {found} ({response.status_code}), the table says {TABLE[row][column]}")
    assert wrong == []
