"""Which incidents are test pages, in which nobody but the tester is interested."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE incident ADD COLUMN test BOOLEAN NOT NULL DEFAULT FALSE")
    db.execute_sql("CREATE INDEX incident_tests ON incident (number) WHERE test")
