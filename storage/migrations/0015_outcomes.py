"""What an incident turned out to be, and the one that it went into."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE incident ADD COLUMN outcome TEXT NOT NULL DEFAULT 'real'")
    db.execute_sql("ALTER TABLE incident ADD COLUMN merged_into INTEGER")
