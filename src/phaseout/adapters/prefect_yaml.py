"""Renders `prefect.yaml` from a campaign: its milestones become deployments with their schedules."""

from phaseout.domain.campaign import Campaign, MilestoneKind
from phaseout.domain.schedule import yearly_schedules

TIMEZONE = "Asia/Shanghai"

HEAD = """\
# Rendered from data/campaigns/{campaign} by `phaseout campaign deployments {campaign}`; a test holds it to that.
name: phaseout
prefect-version: 3.8.8
pull: null  # runs start in the folder that was deployed from: deploy where the worker runs
definitions:
  tz: &tz {timezone}
  base: &base
    work_pool: {{name: office}}
    version: "{year}.1.0"
    # A tick that finds the one before still at work is dropped: the next tick does the same.
    concurrency_limit: {{limit: 1, collision_strategy: CANCEL_NEW, grace_period_seconds: 60}}
  of_campaign: &of_campaign
    tags: [{campaign}]
    parameters: {{campaign: {campaign}}}
deployments:
"""

STANDING = """\
  - <<: *base
    name: collect
    description: 收件：取回邮件与收件目录，审核并答复
    entrypoint: flows/collect.py:collect
    schedules:
      - {slug: collect, cron: "*/5 * * * *", timezone: *tz}
  - <<: [*base, *of_campaign]
    name: remind
    description: 催报：每个工作日一函
    entrypoint: flows/remind.py:remind
    schedules:
      - {slug: remind, cron: "0 9 * * *", timezone: *tz}  # the flow asks the calendar for working days
  - <<: *base
    name: deliver
    description: 发件：发出待发箱中的函件
    entrypoint: flows/deliver.py:deliver
    schedules:
      - {slug: deliver, cron: "*/5 * * * *", timezone: *tz}
  - <<: [*base, *of_campaign]
    name: publish
    description: 发布：分析快照与工作看板
    entrypoint: flows/publish.py:publish
    schedules:
      - {slug: publish, cron: "30 2 * * *", timezone: *tz}
  - <<: *base
    name: release
    description: 签发：等待签发人决定
    entrypoint: flows/release.py:release
    concurrency_limit: null  # many drafts may wait at once
    schedules: []
"""


def render(campaign: Campaign) -> str:
    """Return the text of `prefect.yaml`."""
    text = HEAD.format(campaign=campaign.id, year=campaign.year, timezone=TIMEZONE)
    for milestone in campaign.milestones:
        if not milestone.is_owed:  # no day, no flow
            continue
        text += (
            "  - <<: [*base, *of_campaign]\n"
            f"    name: {milestone.id.replace('_', '-')}\n"
            f"    description: {milestone.title}\n"
            f"    entrypoint: flows/{milestone.kind}.py:{milestone.kind}\n"
        )
        if milestone.kind is MilestoneKind.MILESTONE:  # the flow of them all must be told which
            text += f"    parameters: {{campaign: {campaign.id}, milestone_id: {milestone.id}}}\n"
        text += "    schedules:\n"
        for schedule in yearly_schedules(milestone):
            text += f'      - {{slug: {schedule.slug}, cron: "{schedule.cron}", timezone: *tz}}\n'
    return text + STANDING
