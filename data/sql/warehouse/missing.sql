-- Selects those of the given submissions whose rows are not in the core layer.
SELECT wanted.submission_id
FROM (SELECT unnest($submissions) AS submission_id) AS wanted
ANTI JOIN core.submission_loaded AS loaded
    ON wanted.submission_id = loaded.submission_id;
