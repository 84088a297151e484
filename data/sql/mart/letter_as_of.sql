-- As of an instant: every letter, without address and text; when a letter was withdrawn is not known, it counts as withdrawn from the first.
-- Grain: one row is one letter
-- Key: letter_id
-- $as_of: a TIMESTAMP in China's wall clock, or a DATE, which means the end of that day
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
CREATE MACRO mart.letter_as_of(as_of) AS TABLE
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
FROM core.letter_as_of(as_of)
ORDER BY letter_id;
