-- Selects all rows of a mart.
SELECT *
FROM mart.{mart};
