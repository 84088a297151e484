-- What is this file, and up to when does it tell?
-- 本快照的数据截至何时？是哪一版？
-- Quote cut-off (截至时点) and content hash (内容校验值) with every figure: equal data, equal hash. The hash itself is left out here, it changes with every new field.
SELECT
    campaign_id,
    cut_off_at,
    obligation_count,
    submission_count,
    loaded_count,
    length(content_hash) AS hash_digit_count
FROM mart.snapshot
ORDER BY campaign_id;
