"""Who may do what: the whole policy on one page, decided on plain values.

A permission is granted when any of its predicates holds. What an actor may not read does not exist for them (404);
what they may read but not do is refused (403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    HR = "hr"
    RECRUITER = "recruiter"


@dataclass(frozen=True)
class Actor:
    """A signed-in person as the policy sees them; relations hold today.

    `chef_of`, `souschef_of` and `deputy_of` are ids of offices, `panels` and `authority_of` (to decide on them) of
    recruitments. A deputy signs off for the chef of an office while the chef is away.
    """

    person_id: int
    roles: frozenset[Role] = frozenset()
    chef_of: frozenset[int] = frozenset()
    souschef_of: frozenset[int] = frozenset()
    deputy_of: frozenset[int] = frozenset()
    panels: frozenset[int] = frozenset()
    authority_of: frozenset[int] = frozenset()


class Permission(StrEnum):
    SIGNED_IN = "signed_in"
    SEE_FRAMEWORK = "see_framework"
    SEE_BANK = "see_bank"
    MANAGE_BANK = "manage_bank"
    SEE_CHECKLISTS = "see_checklists"
    MANAGE_CHECKLISTS = "manage_checklists"
    MANAGE_PEOPLE = "manage_people"
    SEE_EVENT_LOG = "see_event_log"
    MANAGE_RECORDS = "manage_records"
    SIGN_OFFS = "sign_offs"
    SEE_OVERDUE = "see_overdue"
    # an office
    NAME_DEPUTY = "name_deputy"
    # a plan, or (COMPLETE_ITEM) one of its items
    START_PLAN = "start_plan"
    SEE_PLAN = "see_plan"
    SEE_PLAN_NOTES = "see_plan_notes"
    SEE_TRIAL_REVIEW = "see_trial_review"
    HOLD_TRIAL_REVIEW = "hold_trial_review"
    MANAGE_PLAN = "manage_plan"
    COMPLETE_ITEM = "complete_item"
    DISCUSS_ITEM = "discuss_item"
    SHAPE_ITEMS = "shape_items"
    REQUEST_SIGN_OFF = "request_sign_off"
    DECIDE_SIGN_OFF = "decide_sign_off"
    # a souschef in an office, as a plan names them
    SEE_BALANCE = "see_balance"
    AGREE_BALANCE = "agree_balance"
    # a souschef, with the offices where they serve today
    SEE_DEVELOPMENT = "see_development"
    AGREE_GOALS = "agree_goals"
    CALL_TALK = "call_talk"
    # an annual talk
    SEE_TALK = "see_talk"
    HOLD_TALK = "hold_talk"
    SHARE_TALK = "share_talk"
    # the agency
    SEE_STRATEGY = "see_strategy"
    MANAGE_STRATEGY = "manage_strategy"
    SEE_NEEDS = "see_needs"
    SEE_ACTIVITIES = "see_activities"
    MANAGE_ACTIVITIES = "manage_activities"
    # a plan of one who was hired, and the recruitment behind it
    HAND_OVER = "hand_over"
    SEE_HANDOVER = "see_handover"
    # a recruitment
    CREATE_RECRUITMENT = "create_recruitment"
    SEE_RECRUITMENT = "see_recruitment"
    MANAGE_RECRUITMENT = "manage_recruitment"
    ASSESS = "assess"
    SEE_SCORES = "see_scores"
    DEBRIEF = "debrief"
    SEE_RECOMMENDATION = "see_recommendation"
    NAME_AUTHORITY = "name_authority"
    DRAFT_RECOMMENDATION = "draft_recommendation"
    WRITE_OPINION = "write_opinion"
    DECIDE_RECRUITMENT = "decide_recruitment"
    FILE_RECRUITMENT = "file_recruitment"
    # a candidate
    HANDLE_REFERENCES = "handle_references"
    CHAIR = "chair"
    SEE_CANDIDATE = "see_candidate"
    SETTLE_CANDIDATE = "settle_candidate"
    WRITE_REFUSAL = "write_refusal"
    EXPORT_CANDIDATE = "export_candidate"


Predicate = Callable[[Actor, Any], bool]


def anyone_signed_in(actor: Actor, subject: Any) -> bool:
    return True


def is_hr(actor: Actor, subject: Any) -> bool:
    return Role.HR in actor.roles


def is_recruiter(actor: Actor, subject: Any) -> bool:
    return Role.RECRUITER in actor.roles


def leads_an_office(actor: Actor, subject: Any) -> bool:
    return bool(actor.chef_of)


def decides_for_an_office(actor: Actor, subject: Any) -> bool:
    return bool(actor.chef_of or actor.deputy_of)


def leads_the_office(actor: Actor, office: Any) -> bool:
    return office.id in actor.chef_of


def is_plans_souschef(actor: Actor, plan: Any) -> bool:
    return bool(plan.souschef_id == actor.person_id)


def is_plans_chef(actor: Actor, plan: Any) -> bool:
    """The chef of the plan's office, unless the plan is their own: nobody approves their own."""
    return plan.office_id in actor.chef_of and plan.souschef_id != actor.person_id


def is_plans_deputy(actor: Actor, plan: Any) -> bool:
    """Who decides for the chef while they are away; never on their own plan."""
    return plan.office_id in actor.deputy_of and plan.souschef_id != actor.person_id


def is_plans_buddy(actor: Actor, plan: Any) -> bool:
    return bool(plan.buddy_id == actor.person_id)


def is_responsible_for_item(actor: Actor, item: Any) -> bool:
    """The one whom the item names; the chef's, when it names a buddy and the plan has none."""
    plan = item.plan
    holders = {"souschef": is_plans_souschef, "chef": is_plans_chef, "hr": is_hr, "makker": is_plans_buddy}
    if item.responsible == "makker" and plan.buddy_id is None:
        return is_plans_chef(actor, plan)
    return holders[item.responsible](actor, plan)


def is_the_souschef(actor: Actor, subject: Any) -> bool:
    return bool(subject.souschef_id == actor.person_id)


def is_own_chef(actor: Actor, subject: Any) -> bool:
    """The chef of an office where the souschef serves today (`office_ids`); never of themselves."""
    return bool(subject.office_ids & actor.chef_of) and subject.souschef_id != actor.person_id


def is_talks_chef(actor: Actor, talk: Any) -> bool:
    """The chef with whom the talk is, for as long as they are the souschef's chef in that office."""
    return talk.chef_id == actor.person_id and talk.office_id in actor.chef_of & talk.office_ids


def talk_is_shared_with(actor: Actor, talk: Any) -> bool:
    """A later chef, when the souschef lets them read it, for as long as they are the souschef's chef."""
    return actor.person_id in talk.shared_with_ids and is_own_chef(actor, talk)


def runs_recruitment(actor: Actor, recruitment: Any) -> bool:
    return bool(recruitment.recruiter_id == actor.person_id) and Role.RECRUITER in actor.roles


def sits_on_panel(actor: Actor, recruitment: Any) -> bool:
    return actor.person_id in recruitment.panel_person_ids


def chairs_panel(actor: Actor, recruitment: Any) -> bool:
    return actor.person_id in recruitment.chair_person_ids


def chairs_for_candidate(actor: Actor, candidate: Any) -> bool:
    """The chair; where nobody who chairs is impartial to this candidate, each impartial member stands in."""
    chairs = candidate.recruitment.chair_person_ids
    if chairs <= candidate.partial_person_ids:
        return actor.person_id in candidate.impartial_person_ids
    return actor.person_id in chairs - candidate.partial_person_ids


def is_impartial(actor: Actor, recruitment: Any) -> bool:
    """Whoever weighs the candidates against each other must be impartial to every one of them."""
    return not any(actor.person_id in candidate.partial_person_ids for candidate in recruitment.candidates)


def runs_impartially(actor: Actor, recruitment: Any) -> bool:
    return runs_recruitment(actor, recruitment) and is_impartial(actor, recruitment)


def has_declared(actor: Actor, recruitment: Any) -> bool:
    """A member of the panel declares to each candidate who is still in the process before they read of them."""
    running = [candidate for candidate in recruitment.candidates if candidate.in_the_running]
    return all(actor.person_id in candidate.impartial_person_ids for candidate in running)


def sits_impartially(actor: Actor, recruitment: Any) -> bool:
    return sits_on_panel(actor, recruitment) and is_impartial(actor, recruitment) and has_declared(actor, recruitment)


def chairs_impartially(actor: Actor, recruitment: Any) -> bool:
    return chairs_panel(actor, recruitment) and sits_impartially(actor, recruitment)


def is_authority(actor: Actor, recruitment: Any) -> bool:
    """Who decides on the recommendation: never the one who runs the recruitment."""
    named = recruitment.authority_id == actor.person_id and recruitment.recruiter_id != actor.person_id
    return bool(named) and is_impartial(actor, recruitment)


def handles_references(actor: Actor, candidate: Any) -> bool:
    """Whoever runs the recruitment, unless they have declared that they are not impartial to this candidate."""
    return runs_recruitment(actor, candidate.recruitment) and actor.person_id not in candidate.partial_person_ids


def is_impartial_assessor(actor: Actor, candidate: Any) -> bool:
    """A panel member who has declared that they are impartial to this candidate; not one who has yet to declare."""
    return actor.person_id in candidate.impartial_person_ids


GRANTS: dict[Permission, tuple[Predicate, ...]] = {
    Permission.SIGNED_IN: (anyone_signed_in,),
    Permission.SEE_FRAMEWORK: (anyone_signed_in,),
    Permission.SEE_BANK: (is_hr, is_recruiter, leads_an_office),
    Permission.MANAGE_BANK: (is_hr, is_recruiter),
    Permission.SEE_CHECKLISTS: (is_hr, leads_an_office),
    Permission.MANAGE_CHECKLISTS: (is_hr,),
    Permission.MANAGE_PEOPLE: (is_hr,),
    Permission.SEE_EVENT_LOG: (is_hr,),
    Permission.MANAGE_RECORDS: (is_hr,),
    Permission.SIGN_OFFS: (decides_for_an_office, is_hr),
    Permission.SEE_OVERDUE: (decides_for_an_office, is_hr),
    Permission.NAME_DEPUTY: (leads_the_office, is_hr),
    Permission.START_PLAN: (leads_an_office, is_hr),
    Permission.SEE_PLAN: (is_plans_souschef, is_plans_chef, is_plans_deputy, is_plans_buddy, is_hr),
    Permission.SEE_PLAN_NOTES: (is_plans_souschef, is_plans_chef, is_plans_deputy, is_plans_buddy),
    Permission.SEE_TRIAL_REVIEW: (is_plans_souschef, is_plans_chef, is_hr),
    Permission.HOLD_TRIAL_REVIEW: (is_plans_chef,),
    Permission.MANAGE_PLAN: (is_plans_chef, is_hr),
    Permission.COMPLETE_ITEM: (is_responsible_for_item,),
    Permission.DISCUSS_ITEM: (is_plans_souschef, is_plans_chef, is_plans_deputy, is_plans_buddy),
    Permission.SHAPE_ITEMS: (is_plans_souschef, is_plans_chef),
    Permission.REQUEST_SIGN_OFF: (is_plans_souschef,),
    Permission.DECIDE_SIGN_OFF: (is_plans_chef, is_plans_deputy),
    Permission.SEE_BALANCE: (is_plans_souschef, is_plans_chef, is_hr),
    Permission.AGREE_BALANCE: (is_plans_souschef, is_plans_chef),
    Permission.SEE_DEVELOPMENT: (is_the_souschef, is_own_chef),
    Permission.AGREE_GOALS: (is_the_souschef, is_own_chef),
    Permission.CALL_TALK: (is_the_souschef, is_own_chef),
    Permission.SEE_TALK: (is_the_souschef, is_talks_chef, talk_is_shared_with),
    Permission.HOLD_TALK: (is_the_souschef, is_talks_chef),
    Permission.SHARE_TALK: (is_the_souschef,),
    Permission.SEE_STRATEGY: (anyone_signed_in,),
    Permission.MANAGE_STRATEGY: (is_hr,),
    Permission.SEE_NEEDS: (is_hr,),
    Permission.SEE_ACTIVITIES: (anyone_signed_in,),
    Permission.MANAGE_ACTIVITIES: (is_hr,),
    Permission.HAND_OVER: (is_plans_chef,),
    Permission.SEE_HANDOVER: (is_plans_souschef, is_plans_chef),
    Permission.CREATE_RECRUITMENT: (is_recruiter,),
    Permission.SEE_RECRUITMENT: (runs_recruitment, sits_on_panel, is_hr),
    Permission.MANAGE_RECRUITMENT: (runs_recruitment,),
    Permission.ASSESS: (sits_on_panel,),
    Permission.SEE_SCORES: (runs_recruitment, sits_on_panel),
    Permission.DEBRIEF: (runs_recruitment, chairs_panel),
    Permission.SEE_RECOMMENDATION: (runs_impartially, sits_impartially, is_authority),
    Permission.NAME_AUTHORITY: (runs_impartially,),
    Permission.DRAFT_RECOMMENDATION: (runs_impartially, chairs_impartially),
    Permission.WRITE_OPINION: (sits_impartially,),
    Permission.DECIDE_RECRUITMENT: (is_authority,),
    Permission.FILE_RECRUITMENT: (runs_impartially,),
    Permission.HANDLE_REFERENCES: (handles_references,),
    Permission.CHAIR: (chairs_for_candidate,),
    Permission.SEE_CANDIDATE: (handles_references, is_impartial_assessor),
    Permission.SETTLE_CANDIDATE: (handles_references,),
    Permission.WRITE_REFUSAL: (handles_references,),
    Permission.EXPORT_CANDIDATE: (handles_references,),
}


def _of_plan(permission: Permission) -> Callable[[Actor, Any], bool]:
    return lambda actor, item: may(actor, permission, item.plan)


def _knows_recruitment(actor: Actor, recruitment: Any) -> bool:
    """The authority knows of it, too, although they see nothing of it but the recommendation."""
    return any(may(actor, p, recruitment) for p in (Permission.SEE_RECRUITMENT, Permission.SEE_RECOMMENDATION))


def _knows_candidate(actor: Actor, candidate: Any) -> bool:
    return may(actor, Permission.SEE_RECRUITMENT, candidate.recruitment)


def _runs_it(actor: Actor, candidate: Any) -> bool:
    """That there are referees, talks and hearings is itself something about the candidate."""
    return runs_recruitment(actor, candidate.recruitment)


def _sees_plan(actor: Actor, plan: Any) -> bool:
    return may(actor, Permission.SEE_PLAN, plan)


# What depends on the actor alone and is decided before anything is looked up.
GENERAL = frozenset(
    {
        Permission.SIGNED_IN,
        Permission.SEE_FRAMEWORK,
        Permission.SEE_BANK,
        Permission.MANAGE_BANK,
        Permission.SEE_CHECKLISTS,
        Permission.MANAGE_CHECKLISTS,
        Permission.MANAGE_PEOPLE,
        Permission.SEE_EVENT_LOG,
        Permission.MANAGE_RECORDS,
        Permission.SIGN_OFFS,
        Permission.SEE_OVERDUE,
        Permission.START_PLAN,
        Permission.CREATE_RECRUITMENT,
        Permission.SEE_STRATEGY,
        Permission.MANAGE_STRATEGY,
        Permission.SEE_NEEDS,
        Permission.SEE_ACTIVITIES,
        Permission.MANAGE_ACTIVITIES,
    }
)

# What lets an actor know that the subject exists; without an entry, the permission itself.
READS: dict[Permission, Predicate] = {
    Permission.MANAGE_PEOPLE: anyone_signed_in,
    Permission.SEE_EVENT_LOG: anyone_signed_in,
    Permission.MANAGE_RECORDS: anyone_signed_in,
    Permission.START_PLAN: anyone_signed_in,
    Permission.CREATE_RECRUITMENT: anyone_signed_in,
    Permission.MANAGE_STRATEGY: anyone_signed_in,
    Permission.SEE_NEEDS: anyone_signed_in,
    Permission.MANAGE_ACTIVITIES: anyone_signed_in,
    Permission.HOLD_TALK: lambda actor, talk: may(actor, Permission.SEE_TALK, talk),
    Permission.SHARE_TALK: lambda actor, talk: may(actor, Permission.SEE_TALK, talk),
    Permission.HAND_OVER: _sees_plan,
    Permission.SEE_HANDOVER: _sees_plan,
    Permission.COMPLETE_ITEM: _of_plan(Permission.SEE_PLAN),
    Permission.SEE_TRIAL_REVIEW: _sees_plan,
    Permission.HOLD_TRIAL_REVIEW: _sees_plan,
    Permission.MANAGE_PLAN: _sees_plan,
    Permission.DISCUSS_ITEM: _sees_plan,
    Permission.SHAPE_ITEMS: _sees_plan,
    Permission.REQUEST_SIGN_OFF: _sees_plan,
    Permission.DECIDE_SIGN_OFF: _sees_plan,
    Permission.AGREE_BALANCE: lambda actor, pair: may(actor, Permission.SEE_BALANCE, pair),
    Permission.MANAGE_RECRUITMENT: lambda actor, recruitment: may(actor, Permission.SEE_RECRUITMENT, recruitment),
    Permission.ASSESS: lambda actor, recruitment: may(actor, Permission.SEE_RECRUITMENT, recruitment),
    Permission.SEE_SCORES: lambda actor, recruitment: may(actor, Permission.SEE_RECRUITMENT, recruitment),
    Permission.DEBRIEF: lambda actor, recruitment: may(actor, Permission.SEE_RECRUITMENT, recruitment),
    Permission.SEE_RECOMMENDATION: _knows_recruitment,
    Permission.NAME_AUTHORITY: _knows_recruitment,
    Permission.DRAFT_RECOMMENDATION: _knows_recruitment,
    Permission.WRITE_OPINION: _knows_recruitment,
    Permission.DECIDE_RECRUITMENT: _knows_recruitment,
    Permission.FILE_RECRUITMENT: _knows_recruitment,
    Permission.HANDLE_REFERENCES: _runs_it,
    Permission.CHAIR: _knows_candidate,
    Permission.SEE_CANDIDATE: _knows_candidate,
    Permission.SETTLE_CANDIDATE: _knows_candidate,
    Permission.WRITE_REFUSAL: _knows_candidate,
    Permission.EXPORT_CANDIDATE: _knows_candidate,
}


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    return any(holds(actor, subject) for holds in GRANTS[permission])


def may_know_of(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    if permission in GENERAL:
        return True
    knows = READS.get(permission)
    return knows(actor, subject) if knows else may(actor, permission, subject)
