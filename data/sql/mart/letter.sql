-- Every letter, without address and text.
-- campaign_id: which campaign
-- letter_id: number of the letter in the ledger
-- unit_code: division code of the unit it speaks to
-- kind: request, reminder, overdue, receipt, return, supervision, criticism, verification or resend
-- day: the day for which it was written
-- state: draft, queued, sending, sent, failed, uncertain, withheld or withdrawn
-- item_count: obligations it speaks of
-- created_at: when it was written, China time
-- settled_at: when its state was last settled, China time
CREATE VIEW mart.letter AS
SELECT
    campaign_id,
    letter_id,
    unit_code,
    kind,
    day,
    state,
    item_count,
    created_at,
    settled_at
FROM core.letter
ORDER BY letter_id;
