"""`python -m benchmarks.recruitments`: assessing, comparing and listing, beside the yardstick, in three sizes."""

import json
import os
import platform
import tempfile
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, update

from benchmarks.__main__ import ALL, DATABASES, REQUESTS, RESULTS, application, empty_database, explain
from benchmarks.loopback import served
from benchmarks.measuring import Page, measure, now
from benchmarks.population import insert, moment, offices_for, populate, settle
from portal.clock import now as instant
from portal.db import Base, db
from portal.framework.models import Competency, Part
from portal.framework.queries import find_version
from portal.i18n import today
from portal.interviews.models import Assessment, Rating, ScorecardQuestion
from portal.people.models import Person, PersonRole
from portal.recruitment.models import (
    Candidate,
    ImpartialityDeclaration,
    Interview,
    InterviewRound,
    PanelMember,
    ProfileCompetency,
    Recruitment,
)

SIZES = [int(size) for size in os.environ.get("SIZES", "20,1000,5000").split(",")]
PLANS = 40  # what the yardstick reads
CANDIDATES, ASSESSORS, QUESTIONS = 12, 5, 15
FEW_CANDIDATES, FEW_ASSESSORS = 3, 3
COMPARED, ASSESSED = 1, 2  # the recruitments whose own pages are measured
EVIDENCE = "Fortalte om en sag, hvad der blev besluttet, hvem der var med, og hvad det førte til et halvt år senere."
SEATS = 6  # panels that one person sits on
RATIO, RATIO_COMPARED, BYTES_SAVED = 3.0, 6.0, 1024
TABLES: list[type[Base]] = [
    Person, Recruitment, InterviewRound, ProfileCompetency, PanelMember, Candidate, Interview, ImpartialityDeclaration,
    ScorecardQuestion, Assessment, Rating,
]  # fmt: skip


class Recruiting:
    """The rows of `size` recruitments; the first is assessed by all, the second waits for its first assessment."""

    def __init__(self, size: int, day: date) -> None:
        version = find_version("souschef")
        assert version is not None
        self.size, self.version_id, self.at = size, version.id, moment(day)
        ids = select(Competency.id).join(Competency.part).where(Part.version_id == version.id).order_by(Competency.id)
        self.competencies = list(db.session.scalars(ids))[:QUESTIONS]
        self.recruiter = 2 + offices_for(PLANS)
        self.rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in TABLES}
        self.assessors = self._assessors(-(-size * FEW_ASSESSORS // SEATS) + FEW_ASSESSORS)
        for number in range(1, size + 1):
            self._recruitment(number)

    def _assessors(self, number: int) -> list[int]:
        """The ids of those who sit on the panels that are not measured; nobody sits on more than a few."""
        first = 1 + (db.session.scalar(select(func.max(Person.id))) or 0)
        facts = {"job_title": "", "password_hash": "", "must_change_password": False, "active": True}
        facts |= {"wants_digest": False, "created_at": self.at}
        self.rows[Person] = [
            {"id": first + n, "email": f"bedommer{n}@portal.example", "name": f"Bedømmer {n}", **facts}
            for n in range(number)
        ]
        return [row["id"] for row in self.rows[Person]]

    def _panel(self, n: int) -> list[int]:
        """The persons on the panel, the chair first."""
        if n in (COMPARED, ASSESSED):
            return [self.recruiter + number for number in range(1, 1 + ASSESSORS)]
        return [self.assessors[(n * FEW_ASSESSORS + k) % len(self.assessors)] for k in range(FEW_ASSESSORS)]

    def _add(self, table: type[Base], **values: Any) -> int:
        rows = self.rows[table]
        rows.append({"id": len(rows) + 1, **values})
        return len(rows)

    def _recruitment(self, n: int) -> None:
        large = n in (COMPARED, ASSESSED)
        facts = {"title": f"Souschef {n}", "case_number": f"26-{n}", "office_id": 1, "version_id": self.version_id}
        self._add(Recruitment, **facts, recruiter_id=self.recruiter, created_at=self.at)
        first = self._add(InterviewRound, recruitment_id=n, number=1)
        keys = self.competencies if large else self.competencies[:4]
        for key in keys:
            self._add(ProfileCompetency, recruitment_id=n, competency_id=key, weight=1, minimum=3, reason="")
        asked = [self._question(n, first, position, key) for position, key in enumerate(keys, 1)]
        persons = self._panel(n)
        panel = [
            self._add(PanelMember, recruitment_id=n, person_id=person, chair=person == persons[0]) for person in persons
        ]
        for number in range(CANDIDATES if large else FEW_CANDIDATES):
            self._candidate(n, first, f"Kandidat {number} {n}", panel, asked)

    def _question(self, recruitment: int, round_id: int, position: int, key: int) -> int:
        text = f"Fortæl om en gang, hvor du stod med en sag af denne slags, og hvad du gjorde. ({position})"
        words = {"kind": "behavioural", "text": text, "probes": ["Hvad skete der så?"], "anchors": {"1": "A", "5": "E"}}
        place = {"recruitment_id": recruitment, "round_id": round_id, "competency_id": key, "position": position}
        return self._add(ScorecardQuestion, **place, minutes=6, **words)

    def _candidate(self, n: int, round_id: int, name: str, panel: list[int], asked: list[int]) -> None:
        candidate = self._add(Candidate, recruitment_id=n, name=name, added_at=self.at)
        interview = self._add(Interview, candidate_id=candidate, round_id=round_id, minutes=60, place="")
        for member in panel:
            self._add(ImpartialityDeclaration, candidate_id=candidate, member_id=member, impartial=True, at=self.at)
            if n == ASSESSED:
                continue
            who = {"interview_id": interview, "member_id": member, "started_at": self.at}
            mine = self._add(Assessment, **who, version=1, saved_from="")
            for question in asked:
                score = 1 + (question + member + candidate) % 5
                given = {"assessment_id": mine, "question_id": question, "score": score}
                self._add(Rating, **given, not_covered=False, evidence=EVIDENCE)

    def write(self, connection: Connection) -> None:
        """Open first, then locked and submitted, as the database demands."""
        insert(connection, PersonRole, iter([{"person_id": self.recruiter, "role": "recruiter"}]))
        for table in TABLES:
            insert(connection, table, iter(self.rows[table]))
        settle(connection, TABLES)
        begun = instant()
        connection.execute(update(Assessment).values(submitted_at=begun))
        connection.execute(update(InterviewRound).where(InterviewRound.id != ASSESSED).values(locked_at=begun))
        connection.execute(update(Recruitment).where(Recruitment.id != ASSESSED).values(locked_at=begun))

    @property
    def pages(self) -> list[Page]:
        first = next(row["id"] for row in self.rows[Interview] if row["candidate_id"] == CANDIDATES + 1)
        asked = [row["id"] for row in self.rows[ScorecardQuestion] if row["recruitment_id"] == ASSESSED]
        draft = chain.from_iterable([(f"score_{n}", "4"), (f"evidence_{n}", EVIDENCE)] for n in asked)
        member, recruiter, url = "s2@portal.example", "s1@portal.example", f"/interviews/{first}/assessment"
        compare = f"/recruitments/{COMPARED}/comparison"
        return [
            Page("assessment", member, (url,)),
            Page("autosave", member, (url,), (("version", "0"), ("page", "bench"), *draft)),
            Page("comparison", recruiter, (compare,)),
            Page("comparison blind by total", recruiter, (f"{compare}?blind=y&order=total",)),
            Page("list", "hr@portal.example", ("/recruitments",)),
        ]


def run(kind: str, size: int, folder: Path) -> list[dict[str, Any]]:
    """The figures of every page on one database of one size."""
    with empty_database(kind, folder, size) as url, application(url) as app:
        populate(PLANS, today())
        made = Recruiting(size, today())
        db.session.rollback()
        with db.engine.begin() as connection:
            made.write(connection)
        db.session.remove()
        settings = {"DATABASE_URL": url, "PORTAL_DEMO": "1"}
        with (
            served("portal.app:create_app()", "/healthz", **settings) as port,
            served("benchmarks.yardstick:create_app()", "/", DATABASE_URL=url) as yardstick,
        ):
            measured = [measure(app, page, port, yardstick, REQUESTS) for page in made.pages]
            return [{"database": kind, "recruitments": size, **found} for found in measured]


def missed(row: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """The goals that the page does not reach; `rows` are those of all sizes."""
    ratio = RATIO_COMPARED if row["page"].startswith("comparison") else RATIO
    counts = {other["queries"] for other in rows if other["page"] == row["page"]}
    saves = row["page"] == "autosave"
    goals = [
        (row["ratio"] <= ratio, f"{row['ratio']} times the yardstick, at most {ratio}"),
        (len(counts) == 1, "the number of queries depends on the number of recruitments"),
        (not saves or row["bytes"] <= BYTES_SAVED, f"{row['bytes']} bytes, at most {BYTES_SAVED}"),
    ]
    return [words for reached, words in goals if not reached]


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "processors": os.cpu_count()}
    columns = ("recruitments", "page", "p50_ms", "p95_ms", "ratio", "queries", "bytes")
    for kind in DATABASES:
        rows: list[dict[str, Any]] = []
        for size in SIZES:
            with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
                rows += run(kind, size, Path(name))
        for row in rows:
            row["missed"] = missed(row, rows)
        explain(rows)
        for row in rows:
            print(kind, *(f"{row[name]:>14}" for name in columns), *row["missed"], flush=True)
        text = json.dumps({"at": now(), **machine, "rows": rows}, ensure_ascii=False, indent=1)
        name = f"recruitments-{kind}.json" if len(SIZES) == ALL else "partial.json"  # a quick look is kept apart
        (RESULTS / name).write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
