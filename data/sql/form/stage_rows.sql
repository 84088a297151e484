-- Puts the rows of a batch into the stage of one form and names their equipment items.
INSERT INTO stage_{form}
SELECT
    submission_id,
    row_id,
    sheet,
    sheet_no,
    row_no,
    campaign_id,
    unit_code,
    industry_key,
    period,
    version,
    has_remark,
    {item_id} AS item_id,
    {columns}
FROM incoming;
