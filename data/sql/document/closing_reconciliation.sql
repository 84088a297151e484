-- Selects how many items the forms agree on from 表2 to 表5, and how many differ in what way.
SELECT
    CASE difference
        WHEN 'none' THEN '一致'
        WHEN 'not_surveyed' THEN '调查汇总表未列'
        WHEN 'not_in_progress' THEN '进展情况表未列'
        WHEN 'count_differs' THEN '数量不一致'
        WHEN 'not_closed' THEN '尚未关停'
        WHEN 'not_inspected' THEN '尚无核查验收表'
        WHEN 'not_passed' THEN '验收未通过'
        WHEN 'not_listed' THEN '完成清单未列'
    END AS word,
    difference = 'none' AS is_same,
    count(*)::INTEGER AS items
FROM mart.reconciliation
WHERE campaign_id = $campaign_id
GROUP BY difference
ORDER BY difference = 'none' DESC, count(*) DESC, difference;
