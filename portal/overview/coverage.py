"""Which competencies of a profile are asked about where: in each round of interviews, and in the reference guide."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.filenames import file_name
from portal.interviews import queries as interviews
from portal.overview.blueprint import bp
from portal.recruitment import queries as recruitments
from portal.recruitment.models import ProfileCompetency, Recruitment
from portal.references import queries as references
from portal.references.rules import MINUTES_PER_QUESTION
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import attachment, needs, page


@dataclass(frozen=True)
class Cell:
    """How many questions about a competency one place asks, the minutes they take, and how many were dropped."""

    questions: int = 0
    minutes: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class Row:
    """A competency of the profile with a cell for each round and, last, the reference guide."""

    wanted: ProfileCompetency
    cells: tuple[Cell, ...]

    @property
    def total(self) -> Cell:
        return _sum(self.cells)

    @property
    def gap(self) -> str:
        """What is missing, in words; empty when nothing is."""
        asked, referred = any(cell.questions for cell in self.cells[:-1]), self.cells[-1].questions
        if not asked and not referred:
            return str(_("nobody asks about it"))
        if not asked:
            return str(_("no interview asks about it"))
        return "" if referred else str(_("the references are not asked about it"))


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(
        sum(cell.questions for cell in cells), sum(cell.minutes for cell in cells), sum(cell.dropped for cell in cells)
    )


@dataclass(frozen=True)
class Matrix:
    """The table: `places` are the names of its columns, `sums` the cells of its last line."""

    places: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def sums(self) -> tuple[Cell, ...]:
        return tuple(_sum([row.cells[n] for row in self.rows]) for n in range(len(self.places)))

    @property
    def gaps(self) -> int:
        return sum(1 for row in self.rows if row.gap)


def _places(recruitment: Recruitment) -> tuple[str, ...]:
    rounds = recruitment.rounds
    names = [_("Round %(number)s", number=r.number) for r in rounds] if len(rounds) > 1 else [_("Interview")]
    return (*names, _("Reference guide"))


def matrix(recruitment: Recruitment) -> Matrix:
    asked, referred = interviews.scorecard(recruitment), references.guide(recruitment)
    rows = []
    for wanted in recruitments.in_framework_order(recruitment):
        cells = []
        for found in recruitment.rounds:
            mine = [q for q in asked if q.round_id == found.id and q.competency_id == wanted.competency_id]
            counting = [question for question in mine if not question.dropped]
            minutes = sum(question.minutes for question in counting)
            cells.append(Cell(len(counting), minutes, len(mine) - len(counting)))
        count = sum(1 for question in referred if question.competency_id == wanted.competency_id)
        rows.append(Row(wanted, (*cells, Cell(count, count * MINUTES_PER_QUESTION))))
    return Matrix(_places(recruitment), tuple(rows))


@bp.get("/recruitments/<int:recruitment_id>/coverage")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def recruitment_coverage(recruitment: Recruitment) -> Response:
    return page("overview/recruitment_coverage.html", recruitment=recruitment, matrix=matrix(recruitment))


def _table(found: Matrix) -> tuple[list[str], list[list[object]]]:
    heading = [_("Part"), _("Competency")]
    for place in found.places:
        heading += [_("%(place)s: questions", place=place), _("%(place)s: minutes", place=place)]
    rows = []
    for row in found.rows:
        numbers = [number for cell in row.cells for number in (cell.questions, cell.minutes)]
        competency = row.wanted.competency
        rows.append([competency.part.title, competency.text, *numbers, row.gap])
    return [*heading, _("Missing")], rows


def _send(recruitment: Recruitment, content: bytes, mimetype: str, suffix: str) -> Response:
    name = file_name([_("coverage"), recruitment.title])
    return attachment(content, mimetype, f"{name}.{suffix}")


@bp.get("/recruitments/<int:recruitment_id>/coverage.csv")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def recruitment_coverage_csv(recruitment: Recruitment) -> Response:
    return _send(recruitment, as_csv(*_table(matrix(recruitment))), CSV, "csv")


@bp.get("/recruitments/<int:recruitment_id>/coverage.xlsx")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def recruitment_coverage_xlsx(recruitment: Recruitment) -> Response:
    return _send(recruitment, as_xlsx(_("Coverage"), *_table(matrix(recruitment))), XLSX, "xlsx")
