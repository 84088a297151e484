-- Puts the figures of the 合计 rows into the stage, in place of what was staged of the same submissions before.
DELETE FROM stage_total
WHERE submission_id IN (SELECT submission_id FROM incoming);

INSERT INTO stage_total
SELECT *
FROM incoming;
