-- Selects the submissions that name more than one contact.
SELECT
    submission_id,
    min(row_id) AS row_id,
    count(*) AS contacts
FROM stage_contact
GROUP BY submission_id
HAVING count(*) > 1
ORDER BY submission_id;
