-- Every table and column of the marts, described.
-- Grain: one row is one table (column_name is empty) or one column of it
-- Key: table_name, column_name
-- table_name: view or table macro of schema mart
-- column_name: its column; empty in the row that describes the table itself
-- position: place of the column in the table, from 1; 0 in the row that describes the table itself
-- description: what it means; of a table macro also what it asks for
-- asked_as: what to write after FROM, such as mart.unit; empty in the row of a column
-- grain: what one row of the table is; empty in the row of a column
-- key_columns: the columns by which its rows are told apart; empty in the row of a column
-- data_type: type of the column; empty in the row that describes the table itself
-- is_key: whether the column is part of the key; empty in the row that describes the table itself
CREATE VIEW mart.data_dictionary AS
SELECT
    table_name,
    column_name,
    position,
    description,
    asked_as,
    grain,
    key_columns,
    data_type,
    is_key
FROM core.dictionary
ORDER BY table_name, position;
