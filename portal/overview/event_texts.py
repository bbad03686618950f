"""The event log in plain words: one sentence for each action, and a name for each kind of thing.

A test holds the table against every action that the portal records.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

AREAS = [
    ("people.", _l("People and sign-in")),
    ("framework.", _l("Framework")),
    ("bank.", _l("Bank")),
    ("checklists.", _l("Checklists")),
    ("onboarding.", _l("Onboarding")),
    ("balance.", _l("Balance and focus areas")),
    ("recruitment.", _l("Recruitment")),
    ("interviews.", _l("Interviews")),
    ("references.", _l("References")),
    ("mail.", _l("Mail")),
    ("overview.", _l("Event log")),
]

ACTIONS: dict[str, Any] = {
    "people.add_person": _l("%(who)s added a person"),
    "people.change_person": _l("%(who)s changed a person’s name, roles or access"),
    "people.set_password": _l("%(who)s set a password"),
    "people.sign_in": _l("%(who)s signed in"),
    "people.sign_in_failed": _l("%(who)s tried to sign in with a wrong e-mail or password"),
    "people.sign_out": _l("%(who)s signed out"),
    "people.sign_out_everywhere": _l("%(who)s ended all of a person’s sign-ins"),
    "people.choose_digest": _l("%(who)s chose whether to get the daily mail"),
    "people.renew_calendar_link": _l("%(who)s made a new link to their calendar"),
    "people.revoke_calendar_link": _l("%(who)s took the link to their calendar back"),
    "people.add_office": _l("%(who)s added an office"),
    "people.change_office": _l("%(who)s changed an office"),
    "people.add_souschef": _l("%(who)s added a souschef to an office"),
    "people.end_placement": _l("%(who)s ended a souschef’s time in an office"),
    "people.name_deputy": _l("%(who)s named a deputy for a chef"),
    "people.end_deputy": _l("%(who)s ended a deputy’s time"),
    "framework.publish": _l("%(who)s published a version of the framework"),
    "bank.seed": _l("%(who)s brought the bank up to date"),
    "bank.add_entry": _l("%(who)s added an entry to the bank"),
    "bank.change_entry": _l("%(who)s changed an entry of the bank"),
    "bank.retire_entry": _l("%(who)s retired an entry of the bank"),
    "bank.restore_entry": _l("%(who)s took an entry of the bank into use again"),
    "bank.export": _l("%(who)s downloaded the bank"),
    "onboarding.start_plan": _l("%(who)s started an onboarding plan"),
    "onboarding.complete_item": _l("%(who)s marked an item as done"),
    "onboarding.undo_item": _l("%(who)s opened an item again"),
    "onboarding.milestone_requested": _l("%(who)s asked for a milestone to be signed off"),
    "onboarding.milestone_returned": _l("%(who)s sent a milestone back"),
    "onboarding.milestone_approved": _l("%(who)s signed a milestone off"),
    "onboarding.milestone_withdrawn": _l("%(who)s withdrew a request for a sign-off"),
    "onboarding.milestone_reopened": _l("%(who)s opened a milestone again"),
    "onboarding.share_review": _l("%(who)s shared the review of a trial period"),
    "onboarding.draft_review": _l("%(who)s wrote on the review of a trial period"),
    "onboarding.remark_review": _l("%(who)s remarked on the review of a trial period"),
    "onboarding.comment_item": _l("%(who)s commented on an item"),
    "onboarding.waiver_asked": _l("%(who)s asked for an item to be left out"),
    "onboarding.waiver_granted": _l("%(who)s left an item out"),
    "onboarding.waiver_refused": _l("%(who)s kept an item that was to be left out"),
    "onboarding.waiver_withdrawn": _l("%(who)s took an item in again"),
    "onboarding.add_item": _l("%(who)s added an item"),
    "onboarding.change_item": _l("%(who)s changed an item"),
    "onboarding.move_start": _l("%(who)s moved the first working day"),
    "onboarding.change_buddy": _l("%(who)s changed the buddy"),
    "onboarding.end_plan": _l("%(who)s ended an onboarding plan"),
    "onboarding.export_plan": _l("%(who)s downloaded an onboarding plan"),
    "onboarding.export_record": _l("%(who)s downloaded a sign-off record"),
    "onboarding.export_plans": _l("%(who)s downloaded the list of plans"),
    "onboarding.export_overdue": _l("%(who)s downloaded what is overdue"),
    "onboarding.spread_items": _l("%(who)s added a template’s new items to a running plan"),
    "checklists.seed": _l("%(who)s brought a checklist up to date"),
    "checklists.add_template": _l("%(who)s added a checklist template"),
    "checklists.copy_template": _l("%(who)s copied a checklist template"),
    "checklists.start_draft": _l("%(who)s began a draft of a checklist template"),
    "checklists.change_draft": _l("%(who)s changed title or milestones of a draft"),
    "checklists.add_item": _l("%(who)s added an item to a draft"),
    "checklists.add_from_bank": _l("%(who)s added items from the bank to a draft"),
    "checklists.change_item": _l("%(who)s changed an item of a draft"),
    "checklists.remove_item": _l("%(who)s removed an item from a draft"),
    "checklists.move_item": _l("%(who)s moved an item of a draft"),
    "checklists.discard_draft": _l("%(who)s discarded a draft"),
    "checklists.publish": _l("%(who)s published a version of a checklist template"),
    "checklists.retire_template": _l("%(who)s retired a checklist template"),
    "checklists.restore_template": _l("%(who)s took a checklist template into use again"),
    "balance.propose": _l("%(who)s proposed balance and focus areas"),
    "balance.confirmed": _l("%(who)s agreed to balance and focus areas"),
    "balance.declined": _l("%(who)s declined a proposal of balance and focus areas"),
    "balance.withdrawn": _l("%(who)s withdrew a proposal of balance and focus areas"),
    "recruitment.add_recruitment": _l("%(who)s began a recruitment"),
    "recruitment.change_recruitment": _l("%(who)s changed the facts of a recruitment"),
    "recruitment.choose_profile": _l("%(who)s chose the requirement profile"),
    "recruitment.add_member": _l("%(who)s added a person to a panel"),
    "recruitment.remove_member": _l("%(who)s removed a person from a panel"),
    "recruitment.add_candidate": _l("%(who)s added a candidate"),
    "recruitment.change_candidate": _l("%(who)s changed a candidate’s name"),
    "recruitment.remove_candidate": _l("%(who)s removed a candidate"),
    "recruitment.declare_impartiality": _l("%(who)s declared whether they are impartial"),
    "recruitment.lock": _l("%(who)s began the first assessment, which locked profile and scorecard"),
    "interviews.suggest_questions": _l("%(who)s had questions suggested for a scorecard"),
    "interviews.add_question": _l("%(who)s added a question to a scorecard"),
    "interviews.move_question": _l("%(who)s moved a question on a scorecard"),
    "interviews.remove_question": _l("%(who)s removed a question from a scorecard"),
    "interviews.start_assessment": _l("%(who)s began an assessment"),
    "interviews.submit_assessment": _l("%(who)s submitted an assessment"),
    "interviews.see_comparison": _l("%(who)s looked at the comparison of candidates"),
    "interviews.export_comparison": _l("%(who)s downloaded the comparison of candidates"),
    "interviews.agree": _l("%(who)s recorded what a panel agreed on"),
    "interviews.see_scores": _l("%(who)s read the panel’s scores of a candidate"),
    "references.build_guide": _l("%(who)s built a reference guide"),
    "references.add_referee": _l("%(who)s added a referee"),
    "references.remove_referee": _l("%(who)s removed a referee"),
    "references.record_accept": _l("%(who)s recorded a candidate’s accept"),
    "references.withdraw_accept": _l("%(who)s recorded that a candidate took an accept back"),
    "references.export_guide": _l("%(who)s downloaded a reference guide"),
    "mail.compose_digests": _l("%(who)s wrote the mails of the day"),
    "mail.give_up": _l("%(who)s gave a mail up that could not be sent"),
    "overview.export_event_log": _l("%(who)s downloaded the event log"),
}

KINDS: dict[str, Any] = {
    "person": _l("Person"),
    "office": _l("Office"),
    "framework_version": _l("Framework"),
    "bank_entry": _l("Entry of the bank"),
    "checklist_template": _l("Checklist"),
    "balance_version": _l("Balance and focus areas"),
    "onboarding_plan": _l("Onboarding plan"),
    "onboarding_plan_item": _l("Item"),
    "recruitment": _l("Recruitment"),
    "candidate": _l("Candidate"),
    "assessment": _l("Assessment"),
    "referee": _l("Referee"),
    "outgoing_mail": _l("Mail"),
}


def sentence(action: str, who: str) -> str:
    """What happened; an action that no text is written for yet is named as it is."""
    text = ACTIONS.get(action)
    return str(text) % {"who": who} if text is not None else f"{who}: {action}"


def actions_about(search: str) -> list[str]:
    """The actions whose sentence contains the search, in the reader's language."""
    wanted = search.casefold()
    return [action for action, text in ACTIONS.items() if wanted in (str(text) % {"who": ""}).casefold()]
