-- Selects the views of the marts, and whether each tells campaigns apart.
SELECT
    views.view_name AS mart,
    coalesce(bool_or(columns.column_name = 'campaign_id'), FALSE) AS has_campaign
FROM duckdb_views() AS views
LEFT JOIN duckdb_columns() AS columns
    ON views.schema_name = columns.schema_name
    AND views.view_name = columns.table_name
WHERE views.schema_name = 'mart'
GROUP BY views.view_name
ORDER BY views.view_name;
