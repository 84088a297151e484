-- Selects the loaded submissions that the ledger has not accepted, or has accepted of another workbook.
SELECT loaded.submission_id
FROM core.submission_loaded AS loaded
LEFT JOIN accepted
    ON loaded.submission_id = accepted.submission_id
WHERE loaded.sha256 IS DISTINCT FROM accepted.sha256
ORDER BY loaded.submission_id;
