"""How hard each affected service is hit, and the channels that a former severity told."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE affected_service ADD COLUMN impact TEXT NOT NULL DEFAULT ''")
    db.execute_sql("ALTER TABLE incident ADD COLUMN announced TEXT NOT NULL DEFAULT '[]'")
