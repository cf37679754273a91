"""How do migrations that others have written for production go up, down and up again?

    python -m benchmarks.chains.alembic FOLDER --scripts ckan/migration --path UNPACKED_WHEEL
    python -m benchmarks.chains.django FOLDER --url postgresql://me@host/scratch

Writes the SQL that a package's own tool would run as a folder of plain migrations, a script and its
way back each.  `gatepost rehearse` with ``fill = "sql"`` then says what they leave.
"""
