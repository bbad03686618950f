"""The interview guide to take along: for a member and a candidate, for all of a member's candidates, and blank."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.bank.queries import find_script
from portal.bank.texts import KIND_LABELS
from portal.db import short_read, unit_of_work
from portal.errors import Refused
from portal.filenames import file_name
from portal.i18n import language, long_date, moment, today
from portal.interviews import exports, queries
from portal.interviews.blueprint import bp
from portal.interviews.exports import DOCX, PDF, Guide
from portal.interviews.models import ScorecardQuestion
from portal.interviews.rules import LEVELS, length
from portal.interviews.scorecards import asked_round
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Interview, InterviewRound, PanelMember, Recruitment
from portal.web import attachment, logs_reading, needs

ZIP = "application/zip"
WRITERS = {"pdf": (exports.as_pdf, PDF), "docx": (exports.as_docx, DOCX)}


def _own_seat(recruitment: Recruitment) -> PanelMember:
    member = recruitments.member_of(recruitment, current_user.person_id)
    assert member is not None  # ASSESS is granted to panel members alone
    return member


@dataclass(frozen=True)
class Material:
    """What all guides of a round have in common: the questions that count, and what is said first and last."""

    questions: Sequence[ScorecardQuestion]
    opening: str
    closing: str


def _material(found: InterviewRound) -> Material:
    """Read once, however many guides are made of it; without questions there is no guide."""
    questions = [question for question in queries.scorecard(found) if not question.dropped]
    if not questions:
        raise Refused([_("The scorecard has no questions yet.")])
    return Material(questions, find_script("interview_opening"), find_script("interview_closing"))


def _question(question: ScorecardQuestion) -> exports.Question:
    about = [question.competency.text, str(KIND_LABELS[question.kind])]
    about.append(_("about %(minutes)s minutes", minutes=question.minutes))
    anchors = tuple((_("Level %(level)s", level=level), question.anchors[level]) for level in ("1", "3", "5"))
    return exports.Question(question.text, " · ".join(about), tuple(question.probes), anchors)


def _opening(found: InterviewRound, text: str, minutes: int) -> str:
    """What is said first, with the time that is set aside and the chair's name, when there is one."""
    chair = recruitments.chair_of(found.recruitment)
    text = text.replace("[antal]", str(minutes))
    return text.replace("[dit navn]", chair.person.name) if chair else text


def _facts(found: InterviewRound, interview: Interview | None, member: PanelMember | None) -> dict[str, str]:
    """What stands on top; what is not known is left to be filled in by hand."""
    starts = moment(interview.starts_at) if interview and interview.starts_at else ""
    facts = {
        _("Position"): found.recruitment.title,
        _("Candidate"): interview.candidate.name if interview else "",
        _("Assessor"): member.person.name if member else "",
        _("Date and time"): starts,
        _("Place"): interview.place if interview else "",
    }
    return facts | ({_("Round"): str(found.number)} if len(found.recruitment.rounds) > 1 else {})


def _guide(
    found: InterviewRound, material: Material, interview: Interview | None = None, member: PanelMember | None = None
) -> Guide:
    title = _("Interview guide")
    minutes = interview.minutes if interview else length(question.minutes for question in material.questions)
    may_change = _(
        "The questions may change until the first assessment of the round: print the guide shortly before it."
    )
    tells_nothing = interview is not None  # an assessor must not read from their guide that someone has begun
    return Guide(
        language=language(),
        title=title,
        running=" · ".join([title, interview.candidate.name] if interview else [title, found.recruitment.title]),
        printed=_("Printed %(when)s", when=long_date(today())),
        page_label=_("Page %(number)s of %(pages)s", number="{page}", pages="{pages}"),
        facts=tuple(_facts(found, interview, member).items()),
        remark=may_change if tells_nothing or not found.locked else "",
        opening_title=_("Say first"),
        opening=_opening(found, material.opening, minutes),
        questions_title=_("Questions"),
        questions=tuple(_question(question) for question in material.questions),
        probes_title=_("Follow-up questions"),
        anchors_title=_("What an answer sounds like"),
        notes_title=_("Notes: what did the candidate say?"),
        rating_title=_("Rating"),
        boxes=(*(str(level) for level in LEVELS), _("Not covered")),
        closing_title=_("Say last"),
        closing=material.closing,
    )


def _refuse_unless_impartial(interview: Interview, member: PanelMember) -> None:
    declaration = recruitments.declaration_of(interview.candidate, member)
    if declaration is None:
        raise Refused([_("Declare first whether you are impartial to this candidate.")])
    if not declaration.impartial:
        raise Refused([_("You have declared that you are not impartial to this candidate.")])


def _name(words: Sequence[str], suffix: str) -> str:
    stem = file_name([_("interview guide"), *words])
    return f"{stem}.{suffix}"


def _send_guide(interview: Interview, suffix: str) -> Response:
    """For the member who asks, and only about a candidate to whom they have declared themselves impartial."""
    with short_read():
        member = _own_seat(interview.recruitment)
        _refuse_unless_impartial(interview, member)
        guide = _guide(interview.round, _material(interview.round), interview, member)
        name = _name([interview.candidate.name], suffix)
    write, mimetype = WRITERS[suffix]
    content = write(guide)
    with unit_of_work():
        record("interviews.export_guide", interview, format=suffix)
    return attachment(content, mimetype, name)


@bp.get("/interviews/<int:interview_id>/guide.pdf")
@needs(Permission.ASSESS, recruitments.find_interview, of="recruitment")
@logs_reading
def guide_pdf(interview: Interview) -> Response:
    return _send_guide(interview, "pdf")


@bp.get("/interviews/<int:interview_id>/guide.docx")
@needs(Permission.ASSESS, recruitments.find_interview, of="recruitment")
@logs_reading
def guide_docx(interview: Interview) -> Response:
    return _send_guide(interview, "docx")


def _send_blank(recruitment: Recruitment, suffix: str) -> Response:
    """Without a candidate: for the recruiter, to lay out and to print a stack of."""
    with short_read():
        found = asked_round(recruitment)
        guide, name, number = _guide(found, _material(found)), _name([recruitment.title], suffix), found.number
    write, mimetype = WRITERS[suffix]
    content = write(guide)
    with unit_of_work():
        record("interviews.export_blank_guide", recruitment, format=suffix, round=number)
    return attachment(content, mimetype, name)


@bp.get("/recruitments/<int:recruitment_id>/scorecard/guide.pdf")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
@logs_reading
def blank_guide_pdf(recruitment: Recruitment) -> Response:
    return _send_blank(recruitment, "pdf")


@bp.get("/recruitments/<int:recruitment_id>/scorecard/guide.docx")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
@logs_reading
def blank_guide_docx(recruitment: Recruitment) -> Response:
    return _send_blank(recruitment, "docx")


def _packed(guides: Sequence[tuple[str, Guide]]) -> bytes:
    """One ZIP with every guide as PDF and as Word file, numbered, so that candidates of one name stay apart."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, guide) in enumerate(guides, 1):
            for suffix, (write, _mimetype) in WRITERS.items():
                archive.writestr(_name([name, str(number)], suffix), write(guide))
    return out.getvalue()


@bp.get("/recruitments/<int:recruitment_id>/scorecard/guides.zip")
@needs(Permission.ASSESS, recruitments.find_recruitment)
@logs_reading
def guides_zip(recruitment: Recruitment) -> Response:
    """All of the member's candidates in the round; nobody waits for the database while the documents are made."""
    with short_read():
        found, member = asked_round(recruitment), _own_seat(recruitment)
        interviews = queries.guided_interviews(found, member.person_id)
        if not interviews:
            raise Refused([_("You have not declared yourself impartial to any candidate of this round.")])
        material = _material(found)
        guides = [(each.candidate.name, _guide(found, material, each, member)) for each in interviews]
        ids, number = [interview.id for interview in interviews], found.number
        name = _name([recruitment.title], "zip")
    content = _packed(guides)
    with unit_of_work():
        record("interviews.export_guides", recruitment, interviews=ids, round=number)
    return attachment(content, ZIP, name)
