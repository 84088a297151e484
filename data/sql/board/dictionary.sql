-- Selects the tables of the marts with their columns, in the order in which they stand.
SELECT
    table_name,
    column_name,
    position
FROM mart.data_dictionary
ORDER BY table_name, position;
