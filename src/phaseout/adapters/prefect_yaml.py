"""Renders `prefect.yaml` from a campaign: its milestones become deployments with their schedules."""

import json

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
  title: &title {title}
  base: &base
    # For the machine that holds the warehouse; where there are several, the others leave this queue alone.
    work_pool: {{name: office, work_queue_name: warehouse}}
    version: "{year}.1.0"
    # A tick that finds the one before still at work is dropped: the next tick does the same.
    concurrency_limit: {{limit: 1, collision_strategy: CANCEL_NEW, grace_period_seconds: 60}}
  of_campaign: &of_campaign
    tags: [*title]
    parameters: {{campaign: {campaign}}}
deployments:
"""

STANDING = """\
  - <<: *base
    name: collect
    description: 收件与审核：取回邮箱和收件目录中的来件，审核并答复
    tags: [收发件]
    entrypoint: flows/collect.py:collect
    work_pool: {name: office}  # any machine does it
    schedules:
      - {slug: collect, cron: "*/5 * * * *", timezone: *tz}
  - <<: *base
    name: assess
    description: 审核：审核其他计算机收取的来件，并答复
    tags: [收发件]
    entrypoint: flows/collect.py:assess
    schedules: []  # another machine's collect asks for it
  - <<: [*base, *of_campaign]
    name: remind
    description: 催报：每个工作日向尚有未办事项的填报单位发一件函
    tags: [催报, *title]
    entrypoint: flows/remind.py:remind
    schedules:
      - {slug: remind, cron: "0 9 * * *", timezone: *tz}  # the flow asks the calendar for working days
  - <<: *base
    name: deliver
    description: 发件：发出待发箱中的函件
    tags: [收发件]
    entrypoint: flows/deliver.py:deliver
    work_pool: {name: office}  # any machine does it
    schedules:
      - {slug: deliver, cron: "*/5 * * * *", timezone: *tz}
  - <<: [*base, *of_campaign]
    name: publish
    description: 发布：更新工作看板与分析快照
    tags: [发布, *title]
    entrypoint: flows/publish.py:publish
    schedules:
      - {slug: publish, cron: "30 2 * * *", timezone: *tz}
    triggers:  # what a run took in beside its own work is on the board within a minute; without this, the next night
      - type: event
        name: 有报表审核通过时更新看板
        expect: [phaseout.submission.accepted]
        match: {phaseout.board: outdated}
        within: 60  # seconds in which it fires once, however many were accepted
        parameters: {campaign: "{{ event.payload.campaign }}"}
  - <<: *base
    name: watch
    description: 运行监测：每小时检查各项作业、邮箱、台账、磁盘和备份，有问题时告知
    tags: [运行监测]
    entrypoint: flows/watch.py:watch
    schedules:
      - {slug: watch, cron: "17 * * * *", timezone: *tz}  # beside it `phaseout watch` runs without Prefect
  - <<: *base
    name: release
    description: 签发：每件拟稿等候签发人决定
    tags: [签发]
    entrypoint: flows/release.py:release
    # A queue made last comes last: fifty drafts that ask for a run keep no mail waiting.
    work_pool: {name: office, work_queue_name: release}
    concurrency_limit: null  # many drafts may wait at once
    schedules: []
"""


def render(campaign: Campaign) -> str:
    """Return the text of `prefect.yaml`."""
    title = json.dumps(campaign.title, ensure_ascii=False)  # as YAML quotes it, too
    text = HEAD.format(campaign=campaign.id, title=title, year=campaign.year, timezone=TIMEZONE)
    for milestone in campaign.milestones:
        if not milestone.is_owed:  # no day, no flow
            continue
        text += (
            "  - <<: [*base, *of_campaign]\n"
            f"    name: {milestone.id.replace('_', '-')}\n"
            f"    description: {milestone.title}\n"
            "    tags: [时间节点, *title]\n"
            f"    entrypoint: flows/{milestone.kind}.py:{milestone.kind}\n"
        )
        if milestone.kind is MilestoneKind.MILESTONE:  # the flow of them all must be told which
            text += f"    parameters: {{campaign: {campaign.id}, milestone_id: {milestone.id}}}\n"
        text += "    schedules:\n"
        for schedule in yearly_schedules(milestone):
            text += f'      - {{slug: {schedule.slug}, cron: "{schedule.cron}", timezone: *tz}}\n'
    return text + STANDING
