-- Every letter, without address and text.
-- Grain: one row is one letter
-- Key: letter_id
-- campaign_id: which campaign
-- letter_id: number of the letter in the ledger
-- unit_code: division code of the unit that the letter speaks to or of; of a letter within the house the name of the desk that gets it
-- kind: request, reminder, overdue, thanks, receipt, return, extension, exemption, supervision, criticism, coordination, tables, signing, verification, resend or preview
-- letter_date: the day for which it was written
-- state: draft, queued, sending, sent, failed, uncertain, withheld or withdrawn
-- item_count: obligations it speaks of
-- created_at: when it was written, China time
-- settled_at: when its state was last settled, China time
-- is_released: whether a person released the draft (签发); empty for what waits and for what needs no release
-- decided_at: when that was decided, China time
CREATE VIEW mart.letter AS
SELECT
    campaign_id,
    letter_id,
    unit_code,
    kind,
    day AS letter_date,
    state,
    item_count,
    created_at,
    settled_at,
    is_released,
    decided_at
FROM core.letter
ORDER BY letter_id;
