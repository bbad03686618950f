"""The least that a page from a database costs: a bare Flask application, one SELECT of 25 rows, a table of 25 rows."""

import os

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine, text

ROWS = text("SELECT id, template_title, start_date FROM onboarding_plan ORDER BY id LIMIT 25")
PAGE = """<!doctype html>
<html lang="da">
<head><meta charset="utf-8"><title>Planer</title></head>
<body>
<h1>Planer</h1>
<table>
<thead><tr><th>Id</th><th>Titel</th><th>Start</th></tr></thead>
<tbody>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.template_title }}</td><td>{{ row.start_date }}</td></tr>
{% endfor %}
</tbody>
</table>
</body>
</html>
"""


def create_app() -> Flask:
    app = Flask("yardstick")
    app.jinja_loader = DictLoader({"rows.html": PAGE})
    engine = create_engine(os.environ["DATABASE_URL"])

    @app.get("/")
    def rows() -> str:
        with engine.connect() as connection:
            return render_template("rows.html", rows=connection.execute(ROWS).all())

    return app
