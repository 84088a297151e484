-- Puts the submissions of one form into the stage, in place of what was staged of it before.
DELETE FROM stage_submission
WHERE form IN (SELECT form FROM incoming);

INSERT INTO stage_submission
SELECT *
FROM incoming;
