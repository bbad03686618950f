"""Writing what referees said: follow-ups, answers, notes and the links of the online form; every change is logged."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.digests import digest
from portal.errors import Refused
from portal.i18n import speaking
from portal.interviews import queries as interviews
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import in_framework_order
from portal.recruitment.rules import OUT
from portal.references import queries
from portal.references.models import (
    FormLink,
    GuideProbe,
    GuideQuestion,
    Referee,
    ReferenceAddendum,
    ReferenceAnswer,
    ReferenceCheck,
)
from portal.references.rules import (
    LINK_DAYS,
    LinkEnd,
    finish_blockers,
    minutes_for,
    probe_reason,
)
from portal.references.services import end_links, released
from portal.references.texts import FINISH_BLOCKERS

SECRET_BYTES = 32
REFEREE, TOKEN = "r:", 32  # how the token of a referee's page begins, and how long tokens are


def propose_probes(candidate: Candidate, person_id: int) -> int:
    """Propose follow-ups from the interviews that this person may see; what is decided already stays. How many are new.

    The text names the competency and nothing else: no score, no mean, no assessor and no word of theirs.
    """
    lock_row(candidate.recruitment)
    seen = [
        i for i in interviews.open_interviews_for(candidate.recruitment, person_id) if i.candidate_id == candidate.id
    ]
    there = {probe.competency_id for probe in queries.probes_of([candidate.id])[candidate.id]}
    scores: dict[int, list[int]] = {}
    evidence: dict[int, list[int]] = {}
    uncovered: dict[int, int] = {}
    for assessment in interviews.submitted_assessments([interview.id for interview in seen]):
        for rating in assessment.ratings:
            key, answer = rating.question.competency_id, rating.in_force
            if answer.not_covered or answer.score is None:
                uncovered[key] = uncovered.get(key, 0) + 1
            else:
                scores.setdefault(key, []).append(answer.score)
                evidence.setdefault(key, []).append(len(answer.evidence))
    made = 0
    for row in in_framework_order(candidate.recruitment) if seen else []:
        key = row.competency_id
        why = probe_reason(
            scores=scores.get(key, []),
            not_covered=uncovered.get(key, 0),
            evidence=evidence.get(key, []),
            minimum=row.minimum,
        )
        if why is None or key in there:
            continue
        text = _probe_text(row.competency.text)
        db.session.add(GuideProbe(candidate_id=candidate.id, competency_id=key, text=text, why=why.value))
        made += 1
    db.session.flush()
    record("references.propose_probes", candidate, count=made)
    return made


def _probe_text(competency: str) -> str:
    """In Danish like the guide's other questions, whatever the reader's language."""
    with speaking("da"):
        text: str = _(
            "Think of a situation in which you saw how the candidate handled this: “%(competency)s”. What happened, "
            "what did the candidate do, and what came of it?",
            competency=competency.rstrip("."),
        )
    return text


def decide_probe(probe: GuideProbe, person: Person, *, accepted: bool, text: str) -> None:
    """Accept a follow-up, perhaps reworded, or strike it out; until the first talk about the candidate has begun."""
    lock_row(probe.candidate.recruitment)
    if talks_begun(probe.candidate):
        raise Refused([_("The talks about this candidate have begun. The follow-ups stay as they are.")])
    probe.accepted, probe.text = accepted, text.strip()
    probe.decided_by_id, probe.decided_at = person.id, now()
    db.session.flush()
    record("references.decide_probe", probe.candidate, probe_id=probe.id, accepted=accepted)


def talks_begun(candidate: Candidate) -> bool:
    return any(r.check for r in queries.referees(candidate.recruitment) if r.candidate_id == candidate.id)


@dataclass(frozen=True)
class Asked:
    """Everything that a referee is asked, in order: the guide's questions, then the follow-ups that were accepted."""

    questions: list[GuideQuestion]
    probes: list[GuideProbe]

    @property
    def minutes(self) -> int:
        """How long it takes: said on the pages and in the documents alike."""
        return sum(question.minutes for question in self.questions) + minutes_for(len(self.probes))

    def names(self) -> list[str]:
        """The names of the answers, `q_` or `p_` with the id: in forms, drafts and exports the same."""
        return [*(f"q_{question.id}" for question in self.questions), *(f"p_{probe.id}" for probe in self.probes)]


def asked_of(referee: Referee) -> Asked:
    """What this referee is asked; refused before the applicant's accept, and when it was taken back."""
    probes = queries.probes_of([referee.candidate_id])[referee.candidate_id]
    return Asked(released(referee), [probe for probe in probes if probe.accepted])


def asked_of_all(recruitment: Recruitment, referees: Sequence[Referee]) -> dict[int, Asked]:
    """What each of these referees, who may be called, is asked; a fixed number of queries."""
    questions = queries.guide(recruitment)
    probes = queries.probes_of({referee.candidate_id for referee in referees})
    return {r.id: Asked(questions, [probe for probe in probes[r.candidate_id] if probe.accepted]) for r in referees}


def asked_then(referee: Referee, check: ReferenceCheck) -> Asked:
    """What was asked, also when the accept has been taken back since."""
    probes = queries.probes_of([referee.candidate_id])[referee.candidate_id]
    there = set(answers_of(check))
    return Asked(queries.guide(referee.recruitment), [p for p in probes if p.accepted or f"p_{p.id}" in there])


def lacking(asked: Asked, answers: Mapping[str, str]) -> int:
    """How many of the questions have no answer yet."""
    return sum(1 for name in asked.names() if not answers.get(name, "").strip())


def answers_of(check: ReferenceCheck) -> dict[str, str]:
    """The answers by name (`Asked.names`)."""
    return {f"q_{a.question_id}" if a.question_id else f"p_{a.probe_id}": a.text for a in check.answers}


def start_check(referee: Referee, person: Person) -> ReferenceCheck:
    """Begin the talk with a referee, or go on with it."""
    lock_row(referee.recruitment)
    db.session.expire(referee, ["accepts", "check"])
    asked_of(referee)
    if referee.check is not None:
        return referee.check
    check = ReferenceCheck(
        referee=referee, caller=person, started_at=now(), answers=[], links=[], addenda=[], version=0
    )
    db.session.add(check)
    db.session.flush()
    record("references.start_check", referee)
    return check


@dataclass(frozen=True)
class Seen:
    """The draft that a page showed: its version, and the token of the opened page, which tells whose page it is."""

    version: int = 0
    page: str = ""

    @classmethod
    def by_referee(cls, version: int, page: str) -> "Seen":
        return cls(version, f"{REFEREE}{page}"[:TOKEN])


def save_answers(check: ReferenceCheck, texts: Mapping[str, str], seen: Seen) -> bool:
    """Keep answers by name; False, and nothing is saved, when another page has saved something else since `seen`.

    What a page sends while it is being left may arrive after the next one was opened: the same texts are no quarrel.
    """
    asked = _writable(check, by_referee=seen.page.startswith(REFEREE))
    there = {f"q_{a.question_id}" if a.question_id else f"p_{a.probe_id}": a for a in check.answers}
    sent = {name: texts[name] for name in asked.names() if name in texts}
    overtaken = check.version not in (0, seen.version) and not (seen.page and check.saved_from == seen.page)
    if overtaken and any(text != (there[name].text if name in there else "") for name, text in sent.items()):
        return False
    for name, text in sent.items():
        if name not in there:
            kind, _mark, number = name.partition("_")
            ids = {"question_id": int(number)} if kind == "q" else {"probe_id": int(number)}
            there[name] = ReferenceAnswer(text="", **ids)
            check.answers.append(there[name])
        there[name].text = text
    check.version += 1
    check.saved_from = seen.page
    db.session.flush()
    return True


def _writable(check: ReferenceCheck, *, by_referee: bool = False) -> Asked:
    """What is asked, once others who write have been waited for; refused when the note is finished or not allowed.

    While the referee has a link the answers are theirs alone: neither overwrites the other, and what is not sent yet
    is no part of a note.
    """
    lock_row(check.referee.recruitment)
    lock_row(check)
    db.session.expire(check.referee, ["accepts"])
    db.session.expire(check, ["answers", "links"])
    if check.finished:
        raise Refused([_("The note is finished. Add an addendum instead.")])
    if open_link(check) and not by_referee:
        raise Refused([_("The referee is answering in writing. Withdraw the link before you write yourself.")])
    return asked_of(check.referee)


def open_link(check: ReferenceCheck) -> FormLink | None:
    """The link that works now: not ended, and in time."""
    return next((link for link in check.links if link.ended_at is None and link.expires_at > now()), None)


@dataclass(frozen=True)
class Note:
    """When the talk was, how long it took, and what the note says."""

    held_on: date | None
    minutes: int | None
    text: str

    @property
    def mark(self) -> str:
        """What tells one wording from another: a page sends it along, to show which one it began with."""
        day = self.held_on.isoformat() if self.held_on else None
        return digest({"held_on": day, "minutes": self.minutes, "text": self.text})


def note_in(check: ReferenceCheck) -> Note:
    """The note as it is kept now."""
    return Note(check.held_on, check.minutes, check.note)


def save_note(check: ReferenceCheck, note: Note, finisher: Person | None = None, seen: str = "") -> bool:
    """Keep the note as a draft, or freeze it with the answers for the one who finishes it.

    False, and nothing is kept, when another wording than `seen` (a `Note.mark`) has been saved meanwhile. The digest
    shows later that nothing was changed.
    """
    asked = _writable(check)
    written, kept = Note(note.held_on, note.minutes, note.text.strip()), note_in(check)
    if seen and kept.mark != seen and kept != written:
        return False
    check.held_on, check.minutes, check.note = written.held_on, written.minutes, written.text
    if finisher is not None:
        _finish(check, finisher, asked)
    db.session.flush()
    return True


def _finish(check: ReferenceCheck, person: Person, asked: Asked) -> None:
    answers = sum(1 for text in answers_of(check).values() if text.strip())
    blockers = finish_blockers(held=check.held_on is not None, answers=answers, note=check.note)
    if blockers:
        raise Refused([FINISH_BLOCKERS[blocker] for blocker in blockers])
    end_links(check, LinkEnd.WITHDRAWN)  # one whose time is over may still stand there
    db.session.flush()
    check.finished_at, check.finished_by_id = now(), person.id
    check.digest = digest(content_of(check, asked))
    record("references.finish_note", check.referee, digest=check.digest)


def content_of(check: ReferenceCheck, asked: Asked) -> dict[str, object]:
    """What the digest is of: the facts, each question with its answer, and the note."""
    answers, referee = answers_of(check), check.referee
    texts = [*((f"q_{q.id}", q.text) for q in asked.questions), *((f"p_{p.id}", p.text) for p in asked.probes)]
    return {
        "candidate": referee.candidate_id,
        "referee": [referee.name, referee.relation, referee.period],
        "held_on": check.held_on.isoformat() if check.held_on else None,
        "answers": [[text, answers.get(name, "")] for name, text in texts],
        "note": check.note,
    }


def add_addendum(check: ReferenceCheck, person: Person, text: str) -> None:
    """Something that was left out of a finished note, dated; the note itself stays as it is."""
    lock_row(check)
    if not check.finished:
        raise Refused([_("The note is not finished yet: write it there.")])
    check.addenda.append(ReferenceAddendum(text=text.strip(), by_id=person.id, at=now()))
    db.session.flush()
    record("references.add_addendum", check.referee)


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(check: ReferenceCheck, language: str) -> str:
    """A new secret for the online form of this referee; an earlier one ends. The secret is told once and never kept.

    The form opens with what the referee has written before. What a caller has noted is not for the referee's eyes.
    """
    _writable(check, by_referee=True)
    if check.referee.candidate.state in OUT:
        raise Refused([_("The candidate is no longer in the process, so there is nothing more to ask.")])
    if not check.saved_from.startswith(REFEREE) and any(text.strip() for text in answers_of(check).values()):
        raise Refused([_("You have noted answers already, and the link would show them. Go on with the talk instead.")])
    end_links(check, LinkEnd.REPLACED)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    ends = now() + timedelta(days=LINK_DAYS)
    link = FormLink(secret_hash=secret_hash(secret), language=language, made_at=now(), expires_at=ends, ended_why="")
    check.links.append(link)
    db.session.flush()
    record("references.make_link", check.referee)
    return secret


def withdraw_link(check: ReferenceCheck) -> None:
    lock_row(check.referee.recruitment)
    end_links(check, LinkEnd.WITHDRAWN)
    db.session.flush()
    record("references.withdraw_link", check.referee)


def live_link(secret: str) -> FormLink | None:
    """The link behind this secret while it works."""
    link = queries.find_live_link(secret_hash(secret), now())
    return link if link is not None and _works(link) else None


def _works(link: FormLink) -> bool:
    """Not ended, the note unfinished, the accept in force, and the application not withdrawn or refused."""
    referee = link.check.referee
    ended = link.ended_at is not None or link.check.finished
    return not ended and referee.accept is not None and referee.candidate.state not in OUT


def still_works(link: FormLink) -> bool:
    """Whether it works now that others who write have been waited for: it may have ended while the form was sent."""
    referee = link.check.referee
    lock_row(referee.recruitment)
    lock_row(link.check)
    db.session.refresh(link)
    db.session.expire(referee, ["accepts"])
    db.session.expire(referee.candidate, ["events"])
    return _works(link)


def submit_form(link: FormLink) -> None:
    """The referee has said what there is to say; the link has been used."""
    check = link.check
    _writable(check, by_referee=True)
    if check.held_on is None:
        check.held_on = now().date()
    end_links(check, LinkEnd.USED)
    db.session.flush()
    record("references.submit_form", check.referee)


def note_reading(referee: Referee) -> None:
    """What a referee said is read: who reads it stands in the log."""
    record("references.read_talk", referee)


def note_export(referee: Referee, file_format: str) -> None:
    record("references.export_note", referee, format=file_format)
