"""Whom a row of the outbox rings, so that one person's rings are found among everybody's in a storm."""

import json


def up(migrator, db):
    db.execute_sql("ALTER TABLE outbox ADD COLUMN whom TEXT NOT NULL DEFAULT ''")
    rings = db.execute_sql("SELECT id, data FROM outbox WHERE kind IN ('page', 'call', 'text')").fetchall()
    for id, data in rings:
        about = json.loads(data)
        whom = about.get("person") or about.get("user") or ""
        db.execute_sql(f"UPDATE outbox SET whom = {db.param} WHERE id = {db.param}", (whom, id))
    db.execute_sql("CREATE INDEX outbox_whom ON outbox (whom, lane, kind, state) WHERE whom <> ''")
