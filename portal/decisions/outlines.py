"""The contents of `documents` as sections to print, and as tables for spreadsheets."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.decisions.documents import Content
from portal.decisions.exports import Block, Paper, Section, bullets, facts, quote, table, text
from portal.decisions.rules import Ruling, Stage
from portal.decisions.texts import RULING_LABELS, STAGE_LABELS, STATE_LABELS
from portal.hearings.rules import Step
from portal.hearings.texts import STEPS
from portal.i18n import language, long_date, moment, number, today
from portal.tables import as_csv


def _when(stamp: str) -> str:
    """A moment or a day of the content, as people write it."""
    if not stamp:
        return "–"
    return moment(datetime.fromisoformat(stamp)) if "T" in stamp else long_date(date.fromisoformat(stamp))


def _paper(title: str, running: str, sections: Iterable[Section], warning: str = "") -> Paper:
    return Paper(
        language=language(),
        title=title,
        running=running,
        printed=str(_("Printed %(when)s", when=long_date(today()))),
        page_label=str(_("Page %(number)s of %(pages)s", number="{page}", pages="{pages}")),
        sections=tuple(section for section in sections if section.blocks),
        warning=warning,
    )


def _level(found: Content) -> str:
    return str(_("Not covered") if found["not_covered"] else _("Level %(level)s", level=found["score"]))


def _profile(rows: Sequence[Content]) -> Block:
    heading = (_("Competency"), _("Weight"), _("Must-have"), _("Reason"))
    lines = [(r["competency"], str(r["weight"]), str(r["minimum"]) if r["minimum"] else "", r["reason"]) for r in rows]
    return table(heading, lines, (6, 2, 2, 5))


def _rating(rating: Content) -> list[Block]:
    blocks = [quote(f"{rating['question']} – {_level(rating)}", rating["evidence"])]
    for found in rating["amendments"]:
        when = _when(found["at"])
        who = _("Amended %(when)s: %(level)s (%(why)s)", when=when, level=_level(found), why=found["reason"])
        blocks.append(quote(who, found["evidence"]))
    return blocks


def _interview(found: Content) -> list[Section]:
    title = _("Interview, round %(number)s", number=found["round"])
    blocks = [
        facts(
            [
                (_("Time"), _when(found["starts_at"])),
                (_("Place"), found["place"]),
                (_("Minutes"), str(found["minutes"])),
            ]
        ),
        text(_("Questions asked:")),
        bullets(f"{question['text']} ({question['competency']})" for question in found["questions"]),
    ]
    if not found["open"]:
        blocks.append(text(_("The assessments of this interview are not open and are left out.")))
    for closing in found["closings"]:
        what = _("Assessing was closed") if closing["closed"] else _("Assessing was opened again")
        blocks.append(quote(f"{what}: {closing['by']}, {_when(closing['at'])}", closing["reason"]))
    sections = [Section(title, tuple(blocks), 3)]
    for assessment in found["assessments"]:
        when = _when(assessment["submitted_at"])
        head = _("Assessment by %(name)s, submitted %(when)s", name=assessment["assessor"], when=when)
        sections.append(Section(head, tuple(b for rating in assessment["ratings"] for b in _rating(rating)), 3))
    agreed = [
        quote(f"{a['question']} – {_level(a)} ({a['by']}, {_when(a['at'])})", a["reason"]) for a in found["agreed"]
    ]
    return [*sections, Section(_("What the panel agreed on"), tuple(agreed), 3)]


def _referee(referee: Content) -> list[Block]:
    lines = [referee["relation"], referee["period"], referee["phone"], referee["email"]]
    lines += [_("Present employer")] if referee["current_employer"] else []
    for accept in referee["accepts"]:
        lines.append(_("Accept given %(when)s: %(how)s", when=_when(accept["given_on"]), how=accept["how"]))
        if accept["withdrawn_at"]:
            when = _when(accept["withdrawn_at"])
            lines.append(_("Accept taken back %(when)s: %(how)s", when=when, how=accept["withdrawn_how"]))
    return [quote(referee["name"], "\n".join(line for line in lines if line)), *_talk(referee["talk"])]


def _talk(talk: Content) -> list[Block]:
    """What the referee said, and what was done about it."""
    if not talk:
        return []
    head = _("Talk held %(when)s by %(name)s", when=_when(talk["held_on"]) or "–", name=talk["held_by"])
    blocks = [quote(head, talk["note"]), *(quote(a["question"], a["answer"]) for a in talk["answers"])]
    blocks += [quote(_("Addendum %(when)s", when=_when(a["at"])), f"{a['text']}\n{a['by']}") for a in talk["addenda"]]
    for hearing in talk["hearings"]:
        blocks.append(quote(_("Fact that was judged"), "\n".join(filter(None, (hearing["fact"], hearing["reason"])))))
        for step in hearing["steps"]:
            what = f"{STEPS[Step(step['kind'])]}: {step['by']}, {_when(step['at'])}"
            blocks.append(quote(what, step["text"]))
    return blocks


def _refusal(refusal: Content) -> list[Block]:
    when = _when(refusal["written_at"])
    head = _(
        "Wording %(number)s by %(name)s, %(when)s", number=refusal["number"], name=refusal["written_by"], when=when
    )
    blocks = [quote(head, refusal["text"])]
    for event in refusal["events"]:
        what = _("Sent %(when)s", when=_when(event["sent_on"])) if event["sent_on"] else _("Reviewed")
        blocks.append(text(f"{what} – {event['by']}, {_when(event['at'])}"))
    return blocks


def _candidate(found: Content) -> list[Section]:
    """Everything about one candidate, below a heading of their own."""
    happened = [
        quote(f"{STATE_LABELS.get(e['kind'], e['kind'])}: {e['by']}, {_when(e['at'])}", e["reason"])
        for e in found["events"]
    ]
    words = {True: _("impartial"), False: _("not impartial")}
    declared = [f"{d['member']}: {words[d['impartial']]}, {_when(d['at'])}" for d in found["impartiality"]]
    state = str(STATE_LABELS.get(found["state"], found["state"]))
    return [
        Section(found["name"], (facts([(_("Added"), _when(found["added_at"])), (_("State"), state)]), *happened)),
        Section(_("Declarations of impartiality"), (bullets(declared),) if declared else (), 3),
        *(section for interview in found["interviews"] for section in _interview(interview)),
        Section(_("References"), tuple(block for referee in found["referees"] for block in _referee(referee)), 3),
        Section(_("Refusal"), tuple(b for refusal in found["refusals"] for b in _refusal(refusal)), 3),
    ]


def _recommendation(found: Content) -> list[Section]:
    content, decision = found["content"], found["decision"]
    who = content["candidate"]["name"] if content["candidate"] else _("Nobody")
    blocks = [
        facts(
            [
                (_("Recommended"), who),
                (_("Submitted by"), f"{found['submitted_by']}, {_when(found['submitted_at'])}"),
                ("SHA-256", found["digest"]),
            ]
        ),
        quote(_("Overall reason"), content["reason"]),
    ]
    blocks += [quote(row["competency"], row["text"]) for row in content["reasons"]]
    if content["must_have_reason"]:
        blocks.append(quote(_("Why although a must-have is not met"), content["must_have_reason"]))
    blocks += [
        quote(_("Minority opinion of %(name)s", name=opinion["by"]), opinion["text"]) for opinion in content["minority"]
    ]
    sections = [Section(_("Recommendation"), tuple(blocks))]
    if decision:
        what = f"{decision['by']} {RULING_LABELS[Ruling(decision['ruling'])]}, {_when(decision['at'])}"
        sections.append(Section(_("Decision"), (quote(what, decision["reason"]),)))
    return sections


def candidate_paper(content: Content) -> Paper:
    """What the portal holds on one candidate, to hand out."""
    case, candidate = content["recruitment"], content["candidate"]
    title = _("What the portal holds on %(name)s", name=candidate["name"])
    first = facts(
        [
            (_("Position"), case["title"]),
            (_("Office"), case["office"]),
            (_("Case number"), case["case_number"]),
            (_("Recruiter"), case["recruiter"]),
        ]
    )
    sections = [
        Section(_("The recruitment"), (first,)),
        Section(_("Requirement profile"), (_profile(case["profile"]),) if case["profile"] else ()),
        *_candidate(candidate),
        *(section for found in content["recommendations"] for section in _recommendation(found)),
    ]
    return _paper(title, case["title"], sections)


def _case_facts(case: Content) -> Block:
    return facts(
        [
            (_("Position"), case["title"]),
            (_("Office"), case["office"]),
            (_("Case number"), case["case_number"]),
            (_("Framework"), case["framework"]),
            (_("Recruiter"), case["recruiter"]),
            (_("Hiring authority"), case["authority"]),
            (_("Begun"), _when(case["created_at"])),
            (_("Deadline for applications"), _when(case["deadline"])),
            (_("First working day"), _when(case["starts_on"])),
            (_("Profile locked"), _when(case["locked_at"])),
            (_("State"), str(STAGE_LABELS[Stage(case["stage"])])),
        ]
    )


def _figures(rows: Sequence[Content]) -> list[Section]:
    """A table for each candidate: with twelve of them one table would not fit on paper."""
    sections = []
    for row in rows:
        lines = [
            (
                m["competency"],
                number(m["mean"], 2) if m["mean"] is not None else _("Not covered"),
                _("Does not meet the must-have") if m["not_met"] else "",
            )
            for m in row["means"]
        ]
        total = number(row["total"], 2) if row["total"] is not None else _("cannot be worked out")
        blocks = (
            table((_("Competency"), _("Mean"), _("Must-have")), lines, (8, 2, 4)),
            text(_("Weighted mean: %(total)s", total=total)),
        )
        sections.append(Section(_("Figures: %(name)s", name=row["candidate"]), blocks, 3))
    return sections


def _scorecard(found: Content) -> Section:
    title = _("Scorecard, round %(number)s", number=found["round"])
    blocks: list[Block] = []
    for n, question in enumerate(found["questions"], 1):
        lines = [question["competency"], *(f"– {probe}" for probe in question["probes"])]
        lines += [f"{level}: {words}" for level, words in sorted(question["anchors"].items())]
        lines += [_("Dropped: %(why)s", why=question["dropped"])] if question["dropped"] else []
        blocks.append(quote(f"{n}. {question['text']}", "\n".join(lines)))
    return Section(title, tuple(blocks))


def case_paper(content: Content, *, provisional: bool) -> Paper:
    """The full record of a recruitment, for the filing system."""
    case = content["recruitment"]
    chair = _("chair")
    panel = [f"{m['name']} ({chair})" if m["chair"] else m["name"] for m in content["panel"]]
    log = [(_when(line["at"]), line["what"], line["about"]) for line in content["log"]]
    filed = [
        f"{f['case_number']}: {f['by']}, {_when(f['at'])}" + (f" ({_('provisional')})" if f["provisional"] else "")
        for f in content["filings"]
    ]
    sections = [
        Section(_("The recruitment"), (_case_facts(case),)),
        Section(_("Requirement profile"), (_profile(content["profile"]),) if content["profile"] else ()),
        Section(_("Panel"), (bullets(panel),) if panel else ()),
        *(_scorecard(found) for found in content["rounds"]),
        *(section for candidate in content["candidates"] for section in _candidate(candidate)),
        Section(_("Comparison"), (text(_("Means of the open interviews, in alphabetical order. They advise.")),)),
        *_figures(content["comparison"]),
        *(section for found in content["recommendations"] for section in _recommendation(found)),
        Section(_("Filed"), (bullets(filed),) if filed else ()),
        Section(_("Log of the case"), (table((_("When"), _("What"), _("About")), log, (4, 8, 4)),) if log else ()),
    ]
    warning = _("Provisional: there is no decision yet, and the record is not complete.") if provisional else ""
    return _paper(_("Record of the recruitment"), f"{case['title']} · {case['case_number'] or '–'}", sections, warning)


def case_tables(content: Content) -> dict[str, bytes]:
    """The same as CSV files, by name."""
    return {name: as_csv(heading, rows(content)) for name, heading, rows in _tables()}


def _tables() -> list[tuple[str, list[str], Callable[[Content], Iterable[Sequence[Any]]]]]:
    ratings = [
        _("Candidate"), _("Round"), _("Assessor"), _("Competency"), _("Question"), _("Score"), _("Not covered"),
        _("Reason"), _("Amended"),
    ]  # fmt: skip
    means = [_("Candidate"), _("Competency"), _("Mean"), _("Not covered"), _("Does not meet the must-have")]
    return [
        (f"{_('candidates')}.csv", [_("Candidate"), _("Added"), _("State")], _candidate_rows),
        (f"{_('assessments')}.csv", ratings, _rating_rows),
        (f"{_('comparison')}.csv", means, _mean_rows),
        (f"{_('log')}.csv", [_("When"), _("What"), _("About")], _log_rows),
    ]


def _candidate_rows(content: Content) -> Iterable[Sequence[Any]]:
    for found in content["candidates"]:
        yield found["name"], found["added_at"], str(STATE_LABELS.get(found["state"], found["state"]))


def _rating_rows(content: Content) -> Iterable[Sequence[Any]]:
    for found in content["candidates"]:
        for interview in found["interviews"]:
            for assessment in interview["assessments"]:
                for r in assessment["ratings"]:
                    last = r["amendments"][-1] if r["amendments"] else r
                    yield (
                        found["name"], interview["round"], assessment["assessor"], r["competency"], r["question"],
                        last["score"], _("yes") if last["not_covered"] else "", last["evidence"],
                        _("yes") if r["amendments"] else "",
                    )  # fmt: skip


def _mean_rows(content: Content) -> Iterable[Sequence[Any]]:
    for found in content["comparison"]:
        for mean in found["means"]:
            value = number(mean["mean"], 2) if mean["mean"] is not None else ""
            yield (
                found["candidate"],
                mean["competency"],
                value,
                mean["not_covered"],
                _("yes") if mean["not_met"] else "",
            )


def _log_rows(content: Content) -> Iterable[Sequence[Any]]:
    for line in content["log"]:
        yield line["at"], line["what"], line["about"]
