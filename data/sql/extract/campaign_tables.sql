-- Selects the tables of the core layer that tell campaigns apart.
SELECT table_name
FROM duckdb_columns()
WHERE schema_name = 'core'
    AND column_name = 'campaign_id'
    AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core')
ORDER BY table_name;
