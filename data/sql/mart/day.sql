-- The days of each campaign's years, with the working days (工作日) among them: lateness is counted in these.
-- Grain: one row is one day of one campaign's calendar
-- Key: campaign_id, calendar_date
-- campaign_id: which campaign
-- calendar_date: the day
-- is_working_day: whether offices are open, by the published holiday notice and the office's own table
-- working_day_count: working days since the first of January of the first year, this day included; the difference of two days is the working days between them
CREATE VIEW mart.day AS
SELECT
    campaign_id,
    day AS calendar_date,
    is_working_day,
    working_days_so_far AS working_day_count
FROM core.day
ORDER BY campaign_id, calendar_date;
