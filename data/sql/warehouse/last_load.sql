-- Selects the number of the newest load.
SELECT coalesce(max(load_no), 0)
FROM core.submission_loaded;
