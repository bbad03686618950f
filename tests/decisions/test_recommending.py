"""The panel recommends with reasons, the authority decides; what has been said stays."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.access import Permission, may
from portal.clock import now
from portal.db import db, unit_of_work
from portal.decisions import queries
from portal.decisions.models import Decision, Recommendation, Submission
from portal.decisions.rules import Stage
from portal.digests import digest
from portal.i18n import today
from portal.overview.digest import compose
from portal.people.queries import actor_of
from portal.recruitment import services as recruitments
from portal.recruitment.models import CandidateEvent
from portal.references.services import RefereeFacts, add_referee
from tests.decisions.case import FIRST, SECOND, amend_and_agree, assess, opened, recommend
from tests.factories import World, open_hearing
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import field


def test_chair_writes_from_the_evidence_and_submits_and_the_authority_follows(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("member")
    assert "Indstilling" in client.get(f"{case.url}/recommendation").text
    page = client.get(f"{case.url}/recommendation/draft?candidate={case.first}").text
    assert "Roligere end" in page, "the evidence stands beside the fields"
    assert "4,00" in page
    assert client.send(f"{case.url}/recommendation/draft", case.wording(case.first)).status_code == 303
    case.submit(client)
    submission = db.session.scalars(db.select(Submission)).one()
    assert submission.digest == digest(submission.snapshot)
    assert submission.snapshot["candidate"]["name"] == FIRST
    client.sign_in("chef")
    assert "Træf afgørelse: Souschef til prøve" in client.get("/").text
    page = client.get(f"{case.url}/recommendation").text
    assert "Samlet den bedst egnede" in page
    asked = client.send(f"{case.url}/recommendation/decide", {"ruling": "follow", "candidate": "", "why": ""})
    assert asked.status_code == 200
    assert FIRST in asked.text
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    assert client.send(f"{case.url}/recommendation/decide", sent).status_code == 303
    assert case.candidate(case.first).state == "hired"
    assert case.candidate(case.second).state == "applied"
    assert "Træf afgørelse: Souschef til prøve" not in client.get("/").text
    again = client.send(f"{case.url}/recommendation/decide", sent)
    assert again.status_code in (409, 422)
    assert db.session.scalars(db.select(Decision)).one().ruling == "follow"


def test_the_authority_sees_no_draft_no_score_and_nothing_of_the_recruitment(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    client.sign_in("member")
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first))
    client.sign_in("chef")
    page = client.get(f"{case.url}/recommendation").text
    assert "Samlet den bedst egnede" not in page
    assert FIRST not in page
    for path in ("", "/comparison", "/refusals", "/filing"):
        assert client.get(f"{case.url}{path}").status_code in (403, 404)
    assert client.get(f"{case.url}/recommendation/draft").status_code == 403
    recommend(case, case.first)
    page = client.get(f"{case.url}/recommendation").text
    assert FIRST in page
    assert "Roligere end" not in page
    assert "4,00" not in page


def test_what_is_lacking_is_said_and_keeps_the_recommendation_from_being_submitted(
    client: InspectingClient, world: World
) -> None:
    case = opened(world, first=2)
    client.sign_in("recruiter")
    draft = case.wording(case.first, reason="")
    first_key = next(key for key in draft if key.startswith("for_"))
    client.send(f"{case.url}/recommendation/draft", draft | {first_key: ""})
    page = client.get(f"{case.url}/recommendation").text
    for why in ("Den samlede begrundelse mangler", "mangler sin begrundelse", "opfylder ikke et skal-krav"):
        assert why in page
    refused = case.submit(client)
    assert refused.status_code == 409
    assert "Den samlede begrundelse mangler" in refused.text
    complete = case.wording(case.first, seen="1", must_have_reason="Kravet kan læres i stillingen med støtte.")
    client.send(f"{case.url}/recommendation/draft", complete)
    assert case.submit(client).status_code == 303


def test_a_candidate_whose_interview_is_not_open_cannot_be_recommended(client: InspectingClient, world: World) -> None:
    case = opened(world)
    with unit_of_work():
        third = recruitments.add_candidate(case.recruitment, "Tredje Thorsen").id
    client.sign_in("recruiter")
    client.send(f"{case.url}/recommendation/draft", case.wording(third))
    refused = case.submit(client)
    assert refused.status_code == 409
    assert "Ikke alle vurderinger af kandidaten er indsendt" in refused.text


def test_one_who_has_withdrawn_is_not_offered_and_not_accepted(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first))
    with unit_of_work():
        event = CandidateEvent(
            candidate_id=case.first, kind="withdrawn", reason="Nyt job.", by_id=world.people["recruiter"].id, at=now()
        )
        db.session.add(event)
    assert f'<option value="{case.first}"' not in client.get(f"{case.url}/recommendation/draft").text
    refused = case.submit(client)
    assert "Kandidaten har trukket sig eller fået afslag" in refused.text
    assert client.send(f"{case.url}/recommendation/draft", case.wording(case.first, seen="1")).status_code == 422


def test_an_open_hearing_about_the_candidate_blocks_until_it_is_closed(client: InspectingClient, world: World) -> None:
    case = opened(world)
    candidate = next(c for c in world.recruitment.candidates if c.id == case.first)
    referee = next((r for r in [world.referee] if r.candidate_id == candidate.id), None)
    if referee is None:
        with unit_of_work():
            referee = add_referee(candidate, RefereeFacts("Anden Referent", "Kollega", current_employer=False))
    hearing = open_hearing(referee, world.people["recruiter"])
    client.sign_in("recruiter")
    page = client.get(case.url).text
    assert "1 partshøring er ikke afsluttet" in page
    assert "Næste: Referencer" in page
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first))
    refused = case.submit(client)
    assert f"Partshøringen af {FIRST} er ikke afsluttet." in refused.text
    assert refused.status_code == 409
    client.send(f"/hearings/{hearing.id}/not-essential", {"reason-text": "Oplysningen er uden betydning for valget."})
    sent = case.submit(client)
    assert "Partshøringen" not in sent.text
    assert "ikke afsluttet" not in client.get(case.url).text


def test_the_second_saver_sees_both_wordings_and_writes_over_none(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("member")
    client.send(f"{case.url}/recommendation/draft", case.wording(case.first, reason="Formandens ord om kandidaten."))
    client.sign_in("recruiter")
    mine = case.wording(case.first, reason="Min egen tekst om kandidaten.")
    both = client.send(f"{case.url}/recommendation/draft", mine)
    assert both.status_code == 409
    assert "Formandens ord om kandidaten." in both.text
    assert "Min egen tekst om kandidaten." in both.text
    assert db.session.scalars(db.select(Recommendation.reason)).all() == ["Formandens ord om kandidaten."]
    seen = {name: field(both.text, name) for name in ("seen", "version", "page")}
    assert client.send(f"{case.url}/recommendation/draft", mine | seen).status_code == 303
    assert len(db.session.scalars(db.select(Recommendation)).all()) == 2


def test_nobody_can_be_recommended_and_a_minority_opinion_goes_along(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("member2")
    client.send(f"{case.url}/recommendation/opinion", {"opinion": "Jeg ville have indstillet en af dem."})
    client.sign_in("member")
    client.send(f"{case.url}/recommendation/draft", case.wording(None, reason="Ingen opfylder kravene i dag."))
    assert case.submit(client).status_code == 303
    client.sign_in("chef")
    page = client.get(f"{case.url}/recommendation").text
    assert "Udvalget indstiller, at ingen ansættes" in page
    assert "Jeg ville have indstillet en af dem." in page
    assert "Member2" in page
    client.sign_in("member2")
    late = client.send(f"{case.url}/recommendation/opinion", {"opinion": "For sent."})
    assert late.status_code == 409


def test_the_authority_may_decide_otherwise_with_a_reason_or_send_it_back(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    recommend(case, case.first)
    client.sign_in("chef")
    url = f"{case.url}/recommendation/decide"
    without = client.send(url, {"ruling": "return", "candidate": "", "why": "", "confirmed": "1"})
    assert without.status_code == 409
    assert "Skriv begrundelsen" in without.text
    back = {"ruling": "return", "candidate": "", "why": "Uddyb driftsledelse.", "confirmed": "1"}
    assert client.send(url, back).status_code == 303
    assert queries.case_of(case.recruitment).stage is Stage.DRAFTING
    client.sign_in("member")
    same = case.submit(client)
    assert "Ret den, før du indsender den igen" in same.text
    assert "Uddyb driftsledelse." in client.get(f"{case.url}/recommendation").text
    recommend(case, case.first)
    client.sign_in("chef")
    other = {"ruling": "other", "candidate": str(case.second), "why": "Erfaringen vejer tungest.", "confirmed": "1"}
    assert client.send(url, other).status_code == 303
    assert case.candidate(case.second).state == "hired"
    assert case.candidate(case.first).state == "applied"


def test_only_the_authority_decides_and_never_the_recruiter(client: InspectingClient, world: World) -> None:
    case = opened(world)
    recommend(case, case.first)
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    for who, status in (("recruiter", 403), ("member", 403), ("hr", 403), ("other_chef", 404)):
        client.sign_in(who)
        assert client.send(f"{case.url}/recommendation/decide", sent).status_code == status, who
    client.sign_in("recruiter")
    assert 'name="ruling"' not in client.get(f"{case.url}/recommendation").text
    with unit_of_work():
        case.recruitment.authority_id = world.people["recruiter"].id
    assert client.send(f"{case.url}/recommendation/decide", sent).status_code == 403


def test_one_who_is_not_impartial_to_a_candidate_takes_no_part(world: World) -> None:
    case = opened(world)
    with unit_of_work():
        third = recruitments.add_candidate(case.recruitment, "Tredje Thorsen")
        recruitments.declare_impartiality(third, case.recruitment.panel[0], False)
        recruitments.declare_impartiality(third, case.recruitment.panel[1], True)
    actor = actor_of(world.people["member"], today())
    for permission in (
        Permission.SEE_RECOMMENDATION,
        Permission.DRAFT_RECOMMENDATION,
        Permission.WRITE_OPINION,
    ):
        assert not may(actor, permission, case.recruitment)
    other = actor_of(world.people["member2"], today())
    assert may(other, Permission.SEE_RECOMMENDATION, case.recruitment)


def test_what_was_recommended_and_decided_never_changes(client: InspectingClient, world: World) -> None:
    case = opened(world)
    recommend(case, case.first)
    client.sign_in("chef")
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    for statement in (
        db.update(Recommendation).values(reason="x"),
        db.update(Submission).values(digest="x"),
        db.delete(Decision),
        db.update(Decision).values(ruling="nobody"),
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_nothing_is_shown_of_an_interview_that_is_not_open(client: InspectingClient, world: World) -> None:
    """The one who drafts sees no rating of a candidate before all have submitted, in no part of the page."""
    case = opened(world)
    with unit_of_work():
        third = recruitments.add_candidate(case.recruitment, "Tredje Thorsen")
        assess(third, {"member": 5}, "HEMMELIGT: svarede klart.", case.recruitment.panel[:1])
        third_id = third.id
    client.sign_in("recruiter")
    page = client.get(f"{case.url}/recommendation/draft?candidate={third_id}").text
    assert "HEMMELIGT" not in page
    assert "Ingen åbne vurderinger" in page
    assert "HEMMELIGT" not in client.get(f"{case.url}/candidates/{third_id}/export.json").text


def test_the_morning_mail_tells_the_authority_without_names(world: World) -> None:
    case = opened(world)
    recommend(case, case.first)
    day = today()
    while day.weekday() > 4:
        day += timedelta(days=1)
    mail = next(m for m in compose(day) if m.person_id == world.people["chef"].id)
    assert "Træf afgørelse: Souschef til prøve" in mail.body
    assert FIRST not in mail.body


def test_the_steps_say_how_far_it_is(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    assert "Skriv og indsend indstillingen" in client.get(case.url).text
    recommend(case, case.first)
    assert "Afventer afgørelse" in client.get(case.url).text
    amend_and_agree(case)
    client.sign_in("chef")
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    client.sign_in("recruiter")
    page = client.get(case.url).text
    assert "1 kandidat mangler svar" in page
    assert "Næste: Svar til kandidaterne" in page
    assert "Afgjort, svar mangler" in page
    assert SECOND in client.get(f"{case.url}/refusals").text


def test_a_decided_recruitment_is_followed_until_the_last_candidate_has_an_answer(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    recommend(case, case.first)
    client.sign_in("chef")
    sent = {"ruling": "follow", "candidate": "", "why": "", "confirmed": "1"}
    client.send(f"{case.url}/recommendation/decide", sent)
    client.sign_in("recruiter")
    lacking = "Afgjort, svar mangler"
    assert lacking in client.get("/").text
    assert lacking in client.get("/recruitments?status=decided").text
    letter = f"{case.url}/candidates/{case.second}/refusal"
    client.send(letter, {"letter": "Kære ansøger. Vi har lagt vægt på kravene i stillingens kravprofil.", "seen": "0"})
    client.send(f"{letter}/review", {"seen": "1"})
    client.send(f"{letter}/sent", {"sent_on": today().isoformat(), "confirmed": "1"})
    assert case.url not in client.get("/").text
    page = client.get("/recruitments?status=decided").text
    assert "Afgjort" in page
    assert lacking not in page


def test_only_the_wording_that_was_read_is_submitted(client: InspectingClient, world: World) -> None:
    case = opened(world)
    client.sign_in("recruiter").send(f"{case.url}/recommendation/draft", case.wording(case.first))
    read = field(client.get(f"{case.url}/recommendation").text, "seen")
    client.sign_in("member").send(f"{case.url}/recommendation/draft", case.wording(case.first, seen="1"))
    sent = {"confirmed": "1", "seen": read}
    refused = client.sign_in("recruiter").send(f"{case.url}/recommendation/submit", sent)
    assert refused.status_code == 409
    assert "Indstillingen er ændret, siden" in refused.text
    assert db.session.scalars(db.select(Submission)).all() == []
    assert case.submit(client).status_code == 303
