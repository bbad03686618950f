"""Balance and focus areas of a souschef in an office: what is agreed, what is proposed, and what became of it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.balance import queries, rules, services
from portal.balance.forms import DeclineForm, ProposalForm, proposal_form
from portal.balance.models import BalanceVersion
from portal.balance.queries import InForce, Pair, Proposal
from portal.balance.rules import FRAMEWORK, Blocker, Changes, State, Wanted
from portal.balance.texts import BLOCKER_TEXTS, context
from portal.db import unit_of_work
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.framework.queries import Outline, find_version, outline
from portal.i18n import today
from portal.once import make_once
from portal.web import feature, needs, page, redirect_to

bp = feature("balance", "/balance")
bp.app_context_processor(lambda: context())


@dataclass(frozen=True)
class Entry:
    """One version as the history shows it; `changes` are those since the version before."""

    version: BalanceVersion
    framework: Outline
    state: State
    changes: Changes | None


def _entry(version: BalanceVersion, before: BalanceVersion | None, state: State) -> Entry:
    changes = rules.changes(before.wanted, version.wanted) if before else None
    return Entry(version, outline(version.framework_version_id), state, changes)


def _entries(versions: list[BalanceVersion]) -> list[Entry]:
    states, before = rules.states(versions), [None, *versions]
    return [_entry(v, earlier, states[v.number]) for v, earlier in zip(versions, before, strict=False)]


def _page(pair: Pair, decline_form: DeclineForm, status: int = 200) -> Response:
    versions = queries.history(pair.office_id, pair.souschef_id)
    current, me = InForce.of(versions), current_user.person_id
    agreed, pending = current.agreed, current.pending
    return page(
        "balance/balance.html",
        status,
        pair=pair,
        agreed=_entry(agreed, None, State.AGREED) if agreed else None,
        pending=_entry(pending, agreed, State.PROPOSED) if pending else None,
        awaits=current.awaits(me, pair.office.chef_id),
        history=_entries(versions),
        blockers=rules.proposal_blockers(pair.other_of(me), pair.last_day, today()),
        decline_form=decline_form,
    )


@bp.get("/<int:office_id>/<int:souschef_id>")
@needs(Permission.SEE_BALANCE, queries.find_pair)
def balance(pair: Pair) -> Response:
    return _page(pair, DeclineForm(formdata=None))


def _framework() -> FrameworkVersion:
    found = find_version(FRAMEWORK)
    if found is None:  # nothing has been seeded
        abort(409)
    return found


def _form_page(pair: Pair, form: ProposalForm, versions: list[BalanceVersion], status: int, **more: Any) -> Response:
    current = InForce.of(versions)
    newest = current.pending or current.agreed
    return page("balance/propose.html", status, pair=pair, form=form, newest=newest, **more)


@bp.route("/<int:office_id>/<int:souschef_id>/propose", methods=["GET", "POST"])
@needs(Permission.AGREE_BALANCE, queries.find_pair)
def propose(pair: Pair) -> Response:
    framework, versions = _framework(), queries.history(pair.office_id, pair.souschef_id)
    form = _form(framework, versions)
    if not form.validate_on_submit():
        return _form_page(pair, form, versions, 422 if form.is_submitted() else 200, overtaken=False)
    try:
        return make_once(form, lambda: _proposed(pair, framework, form))
    except services.Overtaken:
        versions = queries.history(pair.office_id, pair.souschef_id)
        form.show_anew(rules.seen(versions))
        return _form_page(pair, form, versions, 409, overtaken=True)


def _form(framework: FrameworkVersion, versions: list[BalanceVersion]) -> ProposalForm:
    current = InForce.of(versions)
    newest = current.pending or current.agreed
    start = Wanted(newest.wanted.weights, newest.wanted.focus) if newest else None
    return proposal_form(outline(framework.id), framework.id, start, rules.seen(versions))


def _proposed(pair: Pair, framework: FrameworkVersion, form: ProposalForm) -> str:
    if form.framework_id.data != str(framework.id):
        raise Refused([BLOCKER_TEXTS[Blocker.NEW_FRAMEWORK]])
    services.propose(pair, framework, current_user.person, form.wanted(), form.seen.data or "", today())
    flash(_("Your proposal has been sent. It is agreed when the other says yes."), "success")
    return url_for("balance.balance", office_id=pair.office_id, souschef_id=pair.souschef_id)


def _back(pair: Pair, message: str) -> Response:
    flash(message, "success")
    return redirect_to(url_for("balance.balance", office_id=pair.office_id, souschef_id=pair.souschef_id))


@bp.post("/<int:office_id>/<int:souschef_id>/<int:number>/confirm")
@needs(Permission.AGREE_BALANCE, queries.find_proposal, of="pair")
def confirm(proposal: Proposal) -> Response:
    with unit_of_work():
        services.confirm(proposal, current_user.person, today())
    return _back(proposal.pair, _("You have agreed. The focus areas are marked on the plan from now on."))


@bp.post("/<int:office_id>/<int:souschef_id>/<int:number>/decline")
@needs(Permission.AGREE_BALANCE, queries.find_proposal, of="pair")
def decline(proposal: Proposal) -> Response:
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(proposal.pair, form, 422)
    with unit_of_work():
        services.decline(proposal, current_user.person, form.words.data)
    return _back(proposal.pair, _("You have said no. What is agreed already stays in force."))


@bp.post("/<int:office_id>/<int:souschef_id>/<int:number>/withdraw")
@needs(Permission.AGREE_BALANCE, queries.find_proposal, of="pair")
def withdraw(proposal: Proposal) -> Response:
    with unit_of_work():
        services.withdraw(proposal, current_user.person)
    return _back(proposal.pair, _("You have taken your proposal back."))
