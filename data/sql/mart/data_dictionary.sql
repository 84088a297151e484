-- Every table and column of the marts, described.
-- table_name: view of schema mart
-- column_name: its column; empty in the row that describes the view itself
-- position: place of the column in the view, from 1; 0 in the row that describes the view itself
-- description: what it means
CREATE VIEW mart.data_dictionary AS
SELECT
    table_name,
    column_name,
    position,
    description
FROM core.dictionary
ORDER BY table_name, position;
